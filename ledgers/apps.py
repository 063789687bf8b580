from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Declared ledgers: reading, checking, filing, approval, provenance."""

    name = "ledgers"
    verbose_name = "台账"

    def ready(self) -> None:
        # Memberships may be limited to ledgers; the floor below learns their names here.
        from ledgers.definitions import LEDGERS
        from schools.memberships import LEDGER_TITLES

        LEDGER_TITLES.update({code: ledger.title for code, ledger in LEDGERS.items()})
