from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dropout', '0005_matching'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='a_reminder_goes_out_once',
        ),
        migrations.AddField(
            model_name='reminder',
            name='turn',
            field=models.PositiveIntegerField(default=0, verbose_name='第几天起算'),
        ),
        migrations.AlterField(
            model_name='flag',
            name='state',
            field=models.CharField(choices=[('open', '待核查'), ('checked', '已核查'), ('case', '已立案'), ('left', '已离校(不再预警)')], default='open', max_length=8, verbose_name='处置'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('case', 'step', 'round', 'turn', 'level'), name='a_reminder_goes_out_once'),
        ),
    ]
