from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Declared ledgers: reading, checking, filing, approval, provenance."""

    name = "ledgers"
    verbose_name = "台账"

    def ready(self) -> None:
        # An erased child goes out of the workbooks too, wherever the erasure was asked for.
        from jobs.outbox import subscribe
        from ledgers.services.redacting import REDACT

        subscribe("child_erased", REDACT)
        # Memberships may be limited to ledgers, and registers come as workbooks: the floor below is told of both here.
        from ledgers.definitions import LEDGERS
        from ledgers.registers import read_sheets
        from schools.memberships import LEDGER_TITLES
        from schools.register_reading import use_reader

        use_reader(read_sheets)

        LEDGER_TITLES.update({code: ledger.title for code, ledger in LEDGERS.items()})
