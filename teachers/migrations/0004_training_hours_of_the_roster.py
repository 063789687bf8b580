from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teachers", "0003_posts_and_allowances")]

    operations = [
        migrations.AddField(
            model_name="teacher",
            name="training_hours",
            field=models.PositiveIntegerField(null=True, verbose_name="五年培训学时(0.1)"),
        ),
    ]
