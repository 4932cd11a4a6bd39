# The container: `npm run release`, then `docker build -t home-iot-guardian .` (docs/install/container.md).
FROM docker.io/library/debian:bookworm-slim AS unpacked
ARG TARGETARCH=amd64
COPY release/*_${TARGETARCH}.deb /tmp/guardian.deb
RUN dpkg-deb -x /tmp/guardian.deb /unpacked \
 && rm -r /unpacked/usr/lib/systemd /unpacked/usr/lib/home-iot-guardian/docs \
 && ln -s node_modules/node-linux-*/bin/node /unpacked/usr/lib/home-iot-guardian/node

FROM docker.io/library/debian:bookworm-slim
# The tool alone gets the right to read packets. With cap_net_admin too, as guides have it, a container that was given
# NET_RAW alone could not start it at all.
RUN apt-get update \
 && apt-get install -y --no-install-recommends tcpdump libatomic1 libcap2-bin \
 && setcap cap_net_raw=ep /usr/bin/tcpdump \
 && apt-get purge -y --auto-remove libcap2-bin \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/* /tmp/* \
 && install -d -m 700 -o 10001 -g 10001 /data
COPY --from=unpacked /unpacked/ /
ENV GUARDIAN_DATA=/data GUARDIAN_SERVER_HOST=0.0.0.0 NODE_COMPILE_CACHE=/tmp/compile
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 5000
HEALTHCHECK --interval=60s --start-period=60s --timeout=10s CMD ["guardian", "health"]
ENTRYPOINT ["/usr/lib/home-iot-guardian/node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "/usr/lib/home-iot-guardian/dist/cli/main.js"]
CMD ["serve"]
