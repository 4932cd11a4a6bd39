/** Advice for a small machine: findings, settings, and the service file. */
import type { Machine } from './machine.ts';

export interface Finding {
  readonly check: 'model' | 'architecture' | 'memory' | 'temperature' | 'power' | 'disk' | 'capture' | 'discovery';
  readonly state: 'ok' | 'warning' | 'problem';
  /** The finding, one sentence. */
  readonly text: string;
  /** How to mend it. */
  readonly advice?: string;
}

const gigabyte = 2 ** 30;
const gigabytes = (bytes: number): string => `${(bytes / gigabyte).toFixed(1)} GB`;

export function checkMachine(machine: Machine): Finding[] {
  return [
    checkModel(machine),
    checkArchitecture(machine),
    checkMemory(machine),
    checkTemperature(machine),
    checkPower(machine),
    checkDisk(machine),
    checkCapture(machine),
    checkDiscovery(machine),
  ];
}

function checkModel({ model, cores }: Machine): Finding {
  if (!model)
    return { check: 'model', state: 'ok', text: `A machine with ${cores} cores that does not give its model.` };
  const pi = /Raspberry Pi (\d+)/.exec(model);
  if (!pi || Number(pi[1]) >= 4) return { check: 'model', state: 'ok', text: `${model}, ${cores} cores.` };
  return {
    check: 'model',
    state: 'warning',
    text: `${model} is slower than what this program is made for.`,
    advice: 'Use a Raspberry Pi 4 or 5, or watch few devices.',
  };
}

function checkArchitecture({ architecture }: Machine): Finding {
  if (architecture === 'arm64' || architecture === 'x64') {
    return { check: 'architecture', state: 'ok', text: `64-bit system (${architecture}).` };
  }
  return {
    check: 'architecture',
    state: 'problem',
    text: `The system is ${architecture}; there is no runtime for it.`,
    advice: 'Install the 64-bit Raspberry Pi OS.',
  };
}

function checkMemory({ memoryBytes }: Machine): Finding {
  if (memoryBytes === null) return { check: 'memory', state: 'warning', text: 'The machine does not tell its memory.' };
  const text = `${gigabytes(memoryBytes)} of memory.`;
  // A board sold with 1 GB reports a little less.
  if (memoryBytes >= 1.7 * gigabyte) return { check: 'memory', state: 'ok', text };
  if (memoryBytes >= 0.8 * gigabyte) {
    return { check: 'memory', state: 'warning', text, advice: 'Train models elsewhere and copy their folder here.' };
  }
  return { check: 'memory', state: 'problem', text, advice: 'Use a machine with at least 1 GB.' };
}

function checkTemperature({ temperature, throttling }: Machine): Finding {
  if (throttling?.throttledNow) {
    return {
      check: 'temperature',
      state: 'problem',
      text: `The processor is slowed down${temperature === null ? '' : ` at ${temperature.toFixed(0)} °C`}.`,
      advice: 'Add a heat sink or fan.',
    };
  }
  if (temperature === null)
    return { check: 'temperature', state: 'ok', text: 'The machine does not tell its temperature.' };
  const text = `${temperature.toFixed(0)} °C.`;
  if (temperature >= 75 || throttling?.throttledSinceBoot) {
    const past = throttling?.throttledSinceBoot ? ' It was slowed down since it started.' : '';
    return { check: 'temperature', state: 'warning', text: text + past, advice: 'Add a heat sink or fan.' };
  }
  return { check: 'temperature', state: 'ok', text };
}

function checkPower({ throttling }: Machine): Finding {
  if (!throttling) return { check: 'power', state: 'ok', text: 'The machine does not tell about its power.' };
  const { undervoltageNow, undervoltageSinceBoot } = throttling;
  if (!undervoltageNow && !undervoltageSinceBoot) return { check: 'power', state: 'ok', text: 'Enough voltage.' };
  return {
    check: 'power',
    state: undervoltageNow ? 'problem' : 'warning',
    text: undervoltageNow ? 'The voltage is too low.' : 'The voltage was too low since it started.',
    advice: 'Use the power supply that the maker names, and a short cable.',
  };
}

function checkDisk({ freeDiskBytes }: Machine): Finding {
  if (freeDiskBytes === null) return { check: 'disk', state: 'warning', text: 'The free space cannot be read.' };
  const text = `${gigabytes(freeDiskBytes)} free.`;
  if (freeDiskBytes >= 2 * gigabyte) return { check: 'disk', state: 'ok', text };
  const state = freeDiskBytes >= 0.5 * gigabyte ? 'warning' : 'problem';
  return { check: 'disk', state, text, advice: 'Free at least 2 GB, or put the data folder elsewhere with --data.' };
}

function checkCapture({ tools: { dumpcap, tcpdump } }: Machine): Finding {
  const tool = dumpcap ?? tcpdump;
  if (tool) return { check: 'capture', state: 'ok', text: `Captures with ${tool}.` };
  return {
    check: 'capture',
    state: 'problem',
    text: 'Neither dumpcap nor tcpdump is installed, so nothing can be captured.',
    advice: 'sudo apt install tcpdump',
  };
}

function checkDiscovery({ tools }: Machine): Finding {
  const missing = (['nmap', 'arp-scan'] as const).filter((tool) => !tools[tool]);
  if (missing.length === 0) return { check: 'discovery', state: 'ok', text: 'nmap and arp-scan are installed.' };
  return {
    check: 'discovery',
    state: 'warning',
    text: `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed: devices are found by what they send.`,
    advice: `sudo apt install ${missing.join(' ')}`,
  };
}

export interface RecommendedSettings {
  /** Windows or streams that the network takes at once. */
  readonly batchSize: number;
  /** The kernel's buffer between the interface and the capture tool (tcpdump -B counts in these). */
  readonly captureBufferKiB: number;
  /** Threads that train. */
  readonly trainingWorkers: number;
}

/** Larger batches do not run faster, they wait longer; more buffer rides out longer pauses of a slow card. */
export function recommendSettings({ memoryBytes, cores }: Machine): RecommendedSettings {
  const memory = memoryBytes ?? gigabyte;
  const captureBufferKiB = memory >= 3.5 * gigabyte ? 32_768 : memory >= 1.7 * gigabyte ? 16_384 : 4_096;
  return {
    batchSize: memory >= 1.7 * gigabyte ? 32 : 16,
    captureBufferKiB,
    // One core stays for the capture.
    trainingWorkers: Math.max(1, Math.min(cores - 1, 4)),
  };
}

export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  /** Commands to run once it is there. */
  readonly commands: readonly string[];
}

export interface ServiceOptions {
  /** Node and the program, with their paths: systemd knows no PATH of a shell. */
  command: readonly string[];
  dataDirectory: string;
  /** One that exists: the program is to be able to read its own files. */
  user: string;
  /** The interface to watch; null leaves it to what is chosen on the page. */
  interface: string | null;
}

/** systemd takes it as one word, and for nothing but itself. */
const word = (text: string): string =>
  /^[\w./:@+-]+$/.test(text)
    ? text
    : `"${text.replaceAll(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/**
 * A systemd unit that starts the product with the machine, as a user who is there already. It gives no privileges: the
 * capture tool has its own (its file's capabilities), which is why NoNewPrivileges cannot be set.
 */
export function serviceFile({ command, dataDirectory, user, interface: name }: ServiceOptions): ServiceFile {
  const watched = name === null ? [] : ['--interface', name];
  const start = [...command, 'serve', '--no-auth', '--data', dataDirectory, ...watched].map(word).join(' ');
  const data = word(dataDirectory);
  const text = `[Unit]
Description=Home IoT Guardian
After=network-online.target
Wants=network-online.target

[Service]
User=${user}
ExecStartPre=+/usr/bin/install -d -m 700 -o ${user} ${data}
ExecStart=${start}
Restart=on-failure
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=-${data}
PrivateTmp=true

[Install]
WantedBy=multi-user.target
`;
  return {
    path: '/etc/systemd/system/home-iot-guardian.service',
    text,
    commands: ['sudo systemctl daemon-reload', 'sudo systemctl enable --now home-iot-guardian'],
  };
}
