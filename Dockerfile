# For docker-compose.yml. Not built yet: there was no container engine where it was written.
#
# The Node of package.json. What it brings as a package is for machines with an older one, and is left out here.
FROM docker.io/library/node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY vendor vendor
RUN npm install --omit=dev --no-audit --no-fund

FROM docker.io/library/node:24.21.0-bookworm-slim
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY vendor vendor
COPY cards cards
COPY fixtures fixtures
COPY src src
# A volume mounted here takes over the owner.
RUN mkdir data && chown node:node data
USER node
CMD ["node", "src/main.ts"]
