import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { describePlatform } from './platform.ts';

const DESKTOP = 'Linux version 6.10.14-linuxkit (root@buildkitsandbox)';
const WSL = 'Linux version 5.15.167.4-microsoft-standard-WSL2 (root@1a2b)';
const DEBIAN = 'Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org)';

test.each([
  ['an ordinary Debian', {}, { 'proc/version': DEBIAN }, null, false],
  ['Docker Desktop on a Mac', {}, { 'proc/version': DESKTOP, '.dockerenv': '' }, 'docker-desktop', true],
  ['Docker Desktop on Windows', {}, { 'proc/version': WSL, '.dockerenv': '' }, 'docker-desktop', true],
  ['WSL', {}, { 'proc/version': WSL }, 'wsl', true],
  ['Docker on Linux', {}, { 'proc/version': DEBIAN, '.dockerenv': '' }, 'container', false],
  ['Podman', {}, { 'proc/version': DEBIAN, 'run/.containerenv': '' }, 'container', false],
  ['Home Assistant', { SUPERVISOR_TOKEN: 'x' }, { 'proc/version': DEBIAN, '.dockerenv': '' }, 'home-assistant', false],
  ['a guest of Proxmox', {}, { 'proc/version': DEBIAN, 'run/systemd/container': 'lxc\n' }, 'lxc', false],
  ['Proxmox itself', {}, { 'proc/version': DEBIAN, 'etc/pve/datacenter.cfg': '' }, 'proxmox', false],
  ['a Synology', {}, { 'proc/version': DEBIAN, 'etc/synoinfo.conf': '' }, 'synology', false],
  ['a Raspberry Pi', {}, { 'proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0' }, 'raspberry-pi', false],
  ['a virtual machine', {}, { 'sys/class/dmi/id/sys_vendor': 'QEMU\n' }, 'virtual-machine', false],
])('%s is known, and whether the house can be seen from it', (_, env, files, name, blind) => {
  const root = mkdtempSync(path.join(tmpdir(), 'guardian-platform-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const platform = describePlatform(env, root);
  rmSync(root, { recursive: true });
  expect([platform?.name ?? null, platform?.blind ?? false]).toEqual([name, blind]);
});
