# What docker-compose.yml builds, one target each:
#   dbproxy  the program: MySQL proxy, balancer       shop     the sample application
#   front    the same beside keepalived               init     makes passwords and certificates at the first start
# All but init run without root and without any capability, on a root file system that may be read-only. In front,
# keepalived needs root and a few; config/keepalived/start takes them from the program beside it.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Packages' signatures are verified as ever; lists of revoked certificates come from hosts that a machine behind a proxy
# may not reach, and are waited for a minute in vain.
ENV NUGET_CERT_REVOCATION_MODE=offline
# Projects first: packages are fetched again only when one of these files changes.
COPY src/Directory.Build.props src/Directory.Packages.props src/
COPY src/DbProxy/DbProxy.csproj src/DbProxy/
COPY src/DbProxy.Core/DbProxy.Core.csproj src/DbProxy.Core/
COPY src/DbProxy.LoadBalancer/DbProxy.LoadBalancer.csproj src/DbProxy.LoadBalancer/
COPY src/DbProxy.LocalCluster/DbProxy.LocalCluster.csproj src/DbProxy.LocalCluster/
COPY src/DbProxy.Protocol/DbProxy.Protocol.csproj src/DbProxy.Protocol/
COPY src/DbProxy.SampleApp/DbProxy.SampleApp.csproj src/DbProxy.SampleApp/
COPY src/DbProxy.Sql/DbProxy.Sql.csproj src/DbProxy.Sql/
COPY src/DbProxy.Transport/DbProxy.Transport.csproj src/DbProxy.Transport/
# The secret: authorities to trust besides the image's own, for registries behind a proxy; may be empty or missing.
RUN --mount=type=cache,target=/root/.nuget/packages --mount=type=secret,id=authorities \
    if [ -s /run/secrets/authorities ]; then export SSL_CERT_FILE=/run/secrets/authorities; fi; \
    dotnet restore src/DbProxy && dotnet restore src/DbProxy.SampleApp
# What the program brings with it; the other files of config/ may change without a new build.
COPY config/dbproxy.schema.json config/
COPY config/front config/front
COPY config/proxy config/proxy
COPY config/nginx config/nginx
COPY config/prometheus config/prometheus
COPY src src
# Analyzers are for those who change the code.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/DbProxy --no-restore -p:RunAnalyzers=false -o /out/dbproxy && \
    dotnet publish src/DbProxy.SampleApp --no-restore -p:RunAnalyzers=false -o /out/shop

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
# The runtime's debugger and profiler sockets want a writable /tmp, and nobody attaches to them here.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --chmod=0555 config/ready /usr/local/bin/ready
USER 1654

FROM runtime AS shop
COPY --from=build /out/shop .
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=2m CMD ["ready", "127.0.0.1:8080"]
ENTRYPOINT ["/app/DbProxy.SampleApp"]

FROM runtime AS dbproxy
COPY --from=build /out/dbproxy .
EXPOSE 6033 6070
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m CMD ["/app/dbproxy", "probe"]
ENTRYPOINT ["/app/dbproxy"]
CMD ["run", "--config", "/etc/dbproxy/dbproxy.json"]

# Not from dbproxy: keepalived is installed while the program is being built.
FROM runtime AS front
USER root
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends keepalived iproute2 nftables >/dev/null \
    && rm -rf /var/lib/apt/lists/*
COPY --chmod=0555 config/keepalived/start config/keepalived/retire /usr/local/bin/
COPY --from=build /out/dbproxy .
EXPOSE 80 443 6070
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m CMD ["/app/dbproxy", "probe"]
ENTRYPOINT ["start"]

FROM debian:bookworm-slim AS init
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends openssl >/dev/null && rm -rf /var/lib/apt/lists/*
COPY --chmod=0555 config/init/secrets /usr/local/bin/make-secrets
ENTRYPOINT ["make-secrets"]
