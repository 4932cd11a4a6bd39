/** Where Guardian runs, and what cannot be seen from there whatever is set up. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Platform {
  name:
    | 'docker-desktop'
    | 'home-assistant'
    | 'container'
    | 'wsl'
    | 'lxc'
    | 'synology'
    | 'raspberry-pi'
    | 'proxmox'
    | 'virtual-machine';
  /** A sentence for the owner, with the way out where there is one. */
  what: string;
  /** The network of the house cannot be seen from here as it is set up. */
  blind: boolean;
}

type Environment = Record<string, string | undefined>;

/** Null on an ordinary machine. `root` is the folder that stands for /. */
export function describePlatform(env: Environment, root = '/'): Platform | null {
  const read = (file: string): string => {
    try {
      return readFileSync(path.join(root, file), 'latin1');
    } catch {
      return ''; // not there, or not for us: both mean that it does not say
    }
  };
  const has = (file: string): boolean => existsSync(path.join(root, file));
  const kernel = read('proc/version');
  const isContainer = has('.dockerenv') || has('run/.containerenv');
  const isDesktop = /linuxkit|microsoft-standard/i.test(kernel);
  if (isContainer && env.SUPERVISOR_TOKEN !== undefined) {
    return {
      name: 'home-assistant',
      blind: false,
      what: 'This is an app of Home Assistant, on the network of its host.',
    };
  }
  if (isContainer && isDesktop) {
    const what =
      'This container runs in the virtual machine of Docker Desktop: it sees the network inside of that machine, not the ' +
      'one of the house, with "network_mode: host" too. Run Guardian on Linux, or send it NetFlow or the packets of the router over SSH.';
    return { name: 'docker-desktop', blind: true, what };
  }
  if (isContainer) {
    const what =
      'This is a container: with "network_mode: host" it sees the network of its host, otherwise that of containers alone.';
    return { name: 'container', blind: false, what };
  }
  if (isDesktop) {
    const what =
      'This is Linux inside of Windows (WSL): it sees the virtual network between the two, not the one of the house. Run ' +
      'Guardian on another machine, or send it NetFlow or the packets of the router over SSH.';
    return { name: 'wsl', blind: true, what };
  }
  if (read('run/systemd/container').trim() === 'lxc' || read('proc/1/environ').includes('container=lxc')) {
    const what =
      "This is an LXC container: it sees its own traffic and broadcasts. The bridge of its host has to hand on what is others': " +
      'docs/install/proxmox.md.';
    return { name: 'lxc', blind: false, what };
  }
  if (has('etc/pve')) {
    const what = 'This is a Proxmox host: its bridge sees every guest, and the house where a mirror port leads to it.';
    return { name: 'proxmox', blind: false, what };
  }
  if (has('etc/synoinfo.conf')) {
    const what = 'This is a Synology: its own pages have port 5000, so give Guardian another one (--port 5050).';
    return { name: 'synology', blind: false, what };
  }
  const model = read('proc/device-tree/model').replaceAll('\0', '').trim();
  if (/^Raspberry Pi/.test(model)) {
    return {
      name: 'raspberry-pi',
      blind: false,
      what: `This is a ${model}: docs/install/raspberry-pi.md spares its card.`,
    };
  }
  const product = `${read('sys/class/dmi/id/sys_vendor')} ${read('sys/class/dmi/id/product_name')}`;
  if (/QEMU|KVM|VMware|VirtualBox|Hyper-V/i.test(product)) {
    const what =
      'This is a virtual machine: its host hands on its own traffic and broadcasts, unless the virtual switch is promiscuous.';
    return { name: 'virtual-machine', blind: false, what };
  }
  return null;
}
