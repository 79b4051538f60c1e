# kg with the sample papers. Builds and loads them where docker-compose.yml says so; by itself:
#   docker build -t kg . && docker run --rm -v "$PWD:/graphs" kg 'kg build seeds/ --out /graphs/graph'
FROM python:3.12-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONUNBUFFERED=1

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE LICENSES.md ./
COPY kg ./kg
RUN pip install --constraint constraints.txt .
COPY seeds ./seeds

# Not root: the graph's folder is all that it writes.
RUN useradd --create-home --uid 10001 kg && mkdir /graphs && chown kg /graphs
USER kg
VOLUME /graphs

ENTRYPOINT ["/bin/sh", "-euc"]
CMD ["kg --help"]
