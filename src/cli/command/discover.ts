import type { Command } from 'commander';
import type { Device, MergeProposal } from '../../device/device.ts';
import type { Inventory, InventoryCounters } from '../../device/inventory.ts';
import { AppError } from '../../errors.ts';
import { isQuiet } from '../settings.ts';
import { createProgress, fail, note, printable, renderTable } from '../terminal.ts';

interface DiscoverFlags {
  interface?: string;
  active?: boolean;
  merge?: boolean;
  json?: boolean;
}

/** One JSON object: a capture, several with --merge, or an interface. */
interface Outcome {
  file?: string;
  files?: string[];
  interface?: string;
  /** How the devices of the interface were found. */
  method?: string;
  devices: Device[];
  merges: MergeProposal[];
  counters: InventoryCounters;
  truncated?: boolean;
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** ISO 8601 on the wire, seconds inside. */
const onTheWire = (device: Device): object => ({
  ...device,
  first_seen: iso(device.first_seen),
  last_seen: iso(device.last_seen),
  addresses: device.addresses.map((entry) => ({
    ...entry,
    first_seen: iso(entry.first_seen),
    last_seen: iso(entry.last_seen),
  })),
});

function render({ devices, merges, counters }: Outcome): string {
  const rows = devices.map((device) => [
    device.mac,
    printable(device.ips.find((address) => !address.includes(':')) ?? device.ips[0] ?? ''),
    printable(device.vendor ?? (device.randomised ? '(random address)' : '')),
    printable(device.name ?? ''),
    device.kind === 'unknown' ? 'unknown' : `${device.kind} ${Math.round(device.confidence * 100)} %`,
    device.online ? 'online' : 'offline',
    device.packets,
    printable(device.evidence[0] ?? ''),
  ]);
  const lines = [renderTable(['address', 'ip', 'vendor', 'name', 'kind', 'state', 'packets', 'because'], rows)];
  for (const { from, into, reason } of merges) lines.push(`${from} may be ${into}: ${printable(reason)}.\n`);
  const lost = counters.evicted + counters.overflow;
  if (lost > 0) lines.push(`${lost} senders more found no room: somebody makes up addresses.\n`);
  return lines.join('');
}

function print(outcome: Outcome, flags: DiscoverFlags, title: string | null): void {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ...outcome, devices: outcome.devices.map(onTheWire) })}\n`);
  } else process.stdout.write((title === null ? '' : `${title}\n`) + render(outcome));
}

const outcomeOf = (inventory: Inventory): Pick<Outcome, 'devices' | 'merges' | 'counters'> => ({
  devices: inventory.devices(),
  merges: inventory.mergeProposals(),
  counters: inventory.counters,
});

async function discoverFiles(files: string[], flags: DiscoverFlags, quiet: boolean): Promise<void> {
  const [{ createInventory }, { lookupVendor }, { readDevices }] = await Promise.all([
    import('../../device/inventory.ts'),
    import('../../device/vendor.ts'),
    import('../../scan/read-devices.ts'),
  ]);
  const create = (): Inventory => createInventory({ lookupVendor });
  let inventory = create();
  const read: string[] = [];
  for (const file of files) {
    if (!flags.merge) inventory = create();
    const progress = createProgress(`Reading ${printable(file)}`, quiet || flags.json === true);
    try {
      const { truncated } = await readDevices(file, inventory, { onProgress: progress.update });
      progress.stop();
      read.push(file);
      if (truncated) note(`${printable(file)} ends in the middle of a packet: what was whole was read.`, quiet);
      if (inventory.size === 0 && inventory.counters.withoutAddress > 0) {
        note(`${printable(file)} has no link-layer addresses, by which devices are told apart.`, quiet);
      }
      if (flags.merge) continue;
      print({ file, ...outcomeOf(inventory), truncated }, flags, files.length > 1 ? printable(file) : null);
    } catch (error) {
      progress.stop();
      // One bad file of many does not keep the others from being read.
      if (!(error instanceof AppError) || files.length === 1) throw error;
      fail(error);
    }
  }
  if (flags.merge && read.length > 0) print({ files: read, ...outcomeOf(inventory) }, flags, null);
}

async function discoverInterface(flags: DiscoverFlags, quiet: boolean): Promise<void> {
  const [{ createInventory }, { lookupVendor }, { chooseNetwork }, { discoverNetwork }, { ownMacs }] =
    await Promise.all([
      import('../../device/inventory.ts'),
      import('../../device/vendor.ts'),
      import('../../device/active/network.ts'),
      import('../../device/active/discover-network.ts'),
      import('../../device/active/own-machine.ts'),
    ]);
  const network = chooseNetwork(flags.interface);
  const progress = createProgress(`Asking on ${network.interface}`, quiet || flags.json === true);
  const { method, neighbours } = await discoverNetwork(network, {
    active: flags.active === true,
    onProgress: progress.update,
  }).finally(() => progress.stop());
  const own = ownMacs();
  const inventory = createInventory({ lookupVendor, isSelf: (mac) => own.has(mac) });
  for (const { mac, address } of neighbours) inventory.neighbour(mac, address, Date.now() / 1000);
  if (!flags.active) note('Only what this machine knows already: --active asks every address.', quiet);
  print({ interface: network.interface, method, ...outcomeOf(inventory) }, flags, null);
}

export const defineDiscover = (program: Command): Command =>
  program
    .command('discover')
    .description('which devices there are, from captures or on the network itself')
    .argument('[file...]', 'captures of any supported kind; - is standard input')
    .option('--interface <name>', 'look on this network instead (default with --active: where the internet is)')
    .option('--active', 'ask every address of the own subnet: with arp-scan or nmap when present, else gently')
    .option('--merge', 'one inventory over all files instead of one a file')
    .option('--json', 'one JSON line a file or network')
    .addHelpText(
      'after',
      `
Examples:
  guardian discover capture.pcap
  guardian discover --active
  guardian discover monday.pcap tuesday.pcap --merge
  guardian discover *.pcap --json | jq -r '.devices[] | [.mac, .vendor, .kind] | @tsv'`,
    )
    .action(async (files: string[], flags: DiscoverFlags, command: Command) => {
      const onNetwork = flags.active === true || flags.interface !== undefined;
      if (!onNetwork && files.length === 0) throw new AppError('nothing_to_discover', {});
      if (onNetwork && files.length > 0) {
        throw new AppError('bad_option', {
          option: flags.interface === undefined ? '--active' : '--interface',
          value: `with ${files.join(' ')}`,
          expected: 'Give captures ("guardian discover capture.pcap"), or a network ("guardian discover --active").',
        });
      }
      if (onNetwork) return discoverInterface(flags, isQuiet(command));
      await discoverFiles(files, flags, isQuiet(command));
    });
