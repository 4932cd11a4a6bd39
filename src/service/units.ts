/**
 * The systemd units: a server without any right, and a capture tool of another user with the one right to read packets.
 * They meet at a socket that systemd makes: each connection of the server starts one run of the tool.
 */
import { type CaptureTool, captureArguments } from '../source/live/tool.ts';
import {
  CACHE,
  CAPTURE_FILE,
  CAPTURE_USER,
  CONFIGURATION,
  SERVER_FILE,
  SERVER_USER,
  SOCKET,
  STATE,
  type UnitName,
} from './place.ts';

export interface UnitOptions {
  /** The program and its arguments that start the server; absolute paths. */
  command: readonly string[];
  tool: CaptureTool;
  /** Folders of the program that lie in somebody's home; the server sees nothing else of it. */
  homes?: readonly string[];
}

/** A word of an ExecStart line; `%` and `$` are systemd's own. */
function word(text: string): string {
  const escaped = text.replaceAll('%', '%%').replaceAll('$', '$$$$').replaceAll(/["\\]/g, '\\$&');
  return /^[\w./:=+,@%$-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** What neither of them needs. V8 writes machine code, so the server cannot forbid memory that is written and run. */
const shared = `NoNewPrivileges=yes
UMask=0077
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
KeyringMode=private
DevicePolicy=closed
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM`;

const server = ({ command, homes = [] }: UnitOptions): string => `[Unit]
Description=Home IoT Guardian
Documentation=file:${CONFIGURATION}/guardian.yaml
Wants=network-online.target
After=network-online.target guardian-capture.socket

[Service]
Type=notify
# systemd-notify tells systemd that the server is ready and alive: it is a process of its own.
NotifyAccess=all
WatchdogSec=180
ExecStart=${command.map(word).join(' ')} serve
EnvironmentFile=-${SERVER_FILE}
Environment=GUARDIAN_DATA=${STATE} NODE_COMPILE_CACHE=${CACHE}
WorkingDirectory=-${CONFIGURATION}
User=${SERVER_USER}
Group=${SERVER_USER}
StateDirectory=home-iot-guardian
StateDirectoryMode=0700
CacheDirectory=home-iot-guardian
CacheDirectoryMode=0700
SyslogIdentifier=guardian
Restart=on-failure
RestartSec=5
# The server itself ends with the first signal, and says so with 130 where a second one hurried it.
SuccessExitStatus=130
TimeoutStartSec=120
TimeoutStopSec=30
CapabilityBoundingSet=
AmbientCapabilities=
PrivateDevices=yes
# os.networkInterfaces() asks over AF_NETLINK.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
${shared}${homes.length > 0 ? `\nProtectHome=tmpfs\nBindReadOnlyPaths=${homes.map(word).join(' ')}` : ''}

[Install]
WantedBy=multi-user.target
`;

const socket = `[Unit]
Description=Packets for Home IoT Guardian

[Socket]
ListenStream=${SOCKET}
Accept=yes
# A tool whose reader has gone ends with its next packet, so for a moment there may be two.
MaxConnections=4
SocketUser=root
SocketGroup=${SERVER_USER}
SocketMode=0660
RemoveOnStop=yes

[Install]
WantedBy=sockets.target
`;

/** systemd puts the interface in; it is one word whatever it holds. */
export function captureLine({ kind, path }: CaptureTool): string {
  const args = captureArguments(kind, { interface: 'INTERFACE' });
  const words = args.map((text) => (text === 'INTERFACE' ? '$'.concat('{INTERFACE}') : word(text)));
  return `ExecStart=${[word(path), ...words].join(' ')}`;
}

const capture = ({ tool }: UnitOptions): string => `[Unit]
Description=Packets for Home IoT Guardian (%i)
CollectMode=inactive-or-failed

[Service]
EnvironmentFile=${CAPTURE_FILE}
${captureLine(tool)}
StandardInput=socket
StandardOutput=socket
StandardError=journal
SyslogIdentifier=guardian-capture
# How the tool ends when its reader goes is no failure.
SuccessExitStatus=1 SIGPIPE
User=${CAPTURE_USER}
Group=${CAPTURE_USER}
# All that it takes, promiscuous mode included.
AmbientCapabilities=CAP_NET_RAW
CapabilityBoundingSet=CAP_NET_RAW
InaccessiblePaths=-${STATE} -${CONFIGURATION}
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_PACKET AF_UNIX AF_NETLINK AF_INET
IPAddressDeny=any
PrivateDevices=yes
${shared}
SystemCallFilter=~@resources
# tcpdump sets its own user once more, and warns where it may not.
SystemCallFilter=setuid setgid
`;

export const renderUnits = (options: UnitOptions): Record<UnitName, string> => ({
  'guardian.service': server(options),
  'guardian-capture.socket': socket,
  'guardian-capture@.service': capture(options),
});
