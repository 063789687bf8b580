# The portal as one image; docker-compose.yml runs it as web, worker and beat. Built in two stages: the first has the
# tools, the second only what runs. The same lock file as everywhere; the process is not root.
ARG DEBIAN=bookworm-slim

FROM debian:${DEBIAN} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
RUN python3 -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Compressing every static file takes half a minute, so it happens here and nowhere else (config/static.py).
RUN VAR_DIR=/tmp/var STATIC_COMPRESS=1 STATIC_ROOT=/portal/collected .venv/bin/python manage.py collectstatic --noinput \
    && rm -rf /tmp/var

FROM debian:${DEBIAN}
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 ca-certificates tzdata fonts-noto-cjk \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /var/lib/portal
COPY --from=build /portal /portal
WORKDIR /portal
ENV VAR_DIR=/var/lib/portal STATIC_ROOT=/portal/collected STATIC_COMPRESS=1 \
    PATH=/portal/.venv/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python3", "script/healthy.py"]
CMD ["gunicorn", "config.wsgi:application", "--workers", "2", "--threads", "8", "--bind", "0.0.0.0:8000", \
     "--timeout", "120", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--log-level", "warning"]
