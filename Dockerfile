# Two stages: the first builds an environment from the hashed lock file, the second only runs it.
# With an NVIDIA GPU: docker run --gpus all …; torch's wheels bring CUDA with them.
# With --build-arg LOCK=video it can write MP4 films, with codecs under the GPL.
# With --build-arg LOCK=servers it can use PostgreSQL and buckets, with LOCK=ray also a Ray cluster: docs/cluster.md.
FROM python:3.12-slim AS build
ARG LOCK=core
# --build-arg UV_EXCLUDE=locks/without-gpu.txt leaves out 1 GB that only NVIDIA GPUs use.
ARG UV_EXCLUDE
# Without compiled modules every start imports torch twice as slowly: the running user cannot write them.
ENV UV_COMPILE_BYTECODE=1
RUN python -m venv /opt/dreambot && /opt/dreambot/bin/pip install --no-cache-dir uv
WORKDIR /src
COPY locks locks
RUN /opt/dreambot/bin/uv pip install --no-cache --python /opt/dreambot/bin/python --require-hashes -r locks/$LOCK.txt
COPY pyproject.toml README.md LICENSE THIRD_PARTY.md ./
COPY dreambot dreambot
COPY cogs cogs
RUN /opt/dreambot/bin/uv pip install --no-cache --python /opt/dreambot/bin/python --no-deps . \
 && /opt/dreambot/bin/python -m pip uninstall -q -y uv

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 dreambot \
 && install -d -o dreambot -g dreambot /data /data/cache
COPY --from=build /opt/dreambot /opt/dreambot
USER dreambot
WORKDIR /data
# Jobs and the network's weights live in the volume: the weights are fetched once, at the first start.
ENV PATH=/opt/dreambot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/data/cache \
    DREAMBOT_DATA_DIR=/data \
    DREAMBOT_HTTP_PORT=8080
VOLUME /data
# A worker of a Ray cluster has no web server; it ends when Ray does.
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s \
  CMD ["python", "-c", "import urllib.request as u; b'worker' in open('/proc/1/cmdline', 'rb').read().split(b'\\0') or u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dreambot"]
# A wrong token or a missing intent is not tried again at once: Discord allows 1000 connections a day.
CMD ["run", "--wait-before-exit", "600"]
