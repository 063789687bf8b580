"""The web application gunicorn serves."""
import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What the start made stays for good: the collector need not walk through it again in the middle of a page (0.1 s).
gc.collect()
gc.freeze()
