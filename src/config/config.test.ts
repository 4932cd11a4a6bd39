import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from './load.ts';
import { listSettings } from './schema.ts';
import { renderTemplate } from './template.ts';

const folder = () => mkdtempSync(path.join(tmpdir(), 'guardian-config-'));

describe('loadSettings', () => {
  it('gives defaults, with the data folder of XDG', () => {
    const { settings, origins, file } = loadSettings({ env: { XDG_DATA_HOME: '/x' }, directory: folder() });
    const lists = { allowedHosts: [], trustedProxies: [] };
    const reach = { https: 'auto', certificate: '', key: '', baseUrl: '', name: 'guardian' };
    expect(settings.server).toEqual({ host: '127.0.0.1', port: 5000, ...lists, ...reach });
    expect(settings.data).toBe('/x/home-iot-guardian');
    expect(origins['server.port']).toBe('default');
    expect(file).toBeNull();
  });

  it('prefers flag over environment over .env over file', () => {
    const directory = folder();
    writeFileSync(path.join(directory, 'guardian.yaml'), 'server:\n  port: 1\n  host: "::1"\nlog:\n  level: debug\n');
    writeFileSync(
      path.join(directory, '.env'),
      'GUARDIAN_SERVER_PORT=2\nGUARDIAN_SERVER_HOST=127.0.0.2\nMAIL_USER=x\n',
    );
    const load = (flags: object, env: Record<string, string>) => loadSettings({ flags: { ...flags }, env, directory });
    expect(load({ 'server.port': 4 }, { GUARDIAN_SERVER_PORT: '3' }).settings.server.port).toBe(4);
    expect(load({}, { GUARDIAN_SERVER_PORT: '3' }).settings.server.port).toBe(3);
    const { settings, origins } = load({}, {});
    expect([settings.server.port, settings.server.host, settings.log.level]).toEqual([2, '127.0.0.2', 'debug']);
    expect([origins['server.port'], origins['log.level']]).toEqual(['.env', 'file']);
  });

  it('refuses unknown names with a suggestion, wherever they stand', () => {
    const directory = folder();
    expect(() => loadSettings({ env: { GUARDIAN_SERVER_PROT: '1' }, directory })).toThrow(/PROT.*environment/);
    writeFileSync(path.join(directory, 'guardian.yaml'), 'server:\n  prot: 1\n');
    try {
      loadSettings({ env: {}, directory });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'unknown_setting', hint: 'Did you mean "server.port"?' });
    }
  });

  it('names the setting, its place and the reason of a wrong value', () => {
    const load = () => loadSettings({ env: { GUARDIAN_SERVER_PORT: '70000' }, directory: folder() });
    expect(load).toThrow(/"server.port" \(GUARDIAN_SERVER_PORT\) cannot be "70000"/);
  });

  it('names them inside a list too, and repeats nothing of a channel, where secrets stand', () => {
    const directory = folder();
    const write = (notifications: object) =>
      writeFileSync(path.join(directory, 'guardian.yaml'), JSON.stringify({ notifications }));
    const load = () => loadSettings({ env: {}, directory });
    write({ lanTargets: ['192.168.1.10', '169.254.169.254'] });
    expect(load).toThrow(
      /"notifications.lanTargets.1" \(.*guardian.yaml\) cannot be "169.254.169.254": is link-local or reserved/,
    );
    const mail = {
      kind: 'email',
      name: 'm',
      to: ['a@b.org'],
      user: 'u',
      security: 'none',
      password: { env: 'MAIL_PASS' },
    };
    write({ channels: [mail] });
    expect(load).toThrow(/"notifications.channels.0.security" \(.*guardian.yaml\) cannot be "…": .*"starttls"\.$/);
    write({ channels: [{ kind: 'ntfy', name: 'n', topic: 't', token: 'hidden' }] });
    expect(load).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hidden') }));
  });

  it('says that a section is none of its settings', () => {
    const directory = folder();
    writeFileSync(path.join(directory, 'guardian.yaml'), 'server: 5\n');
    expect(() => loadSettings({ env: {}, directory })).toThrow(/"server" .*cannot be "5": it is a section/);
  });

  it('names the line of a broken file', () => {
    const directory = folder();
    writeFileSync(path.join(directory, 'guardian.yaml'), 'server:\n  port: [1\n');
    expect(() => loadSettings({ env: {}, directory })).toThrow(/line [23]/);
  });
});

describe('the template', () => {
  it('is a valid file that changes nothing, and names every setting', () => {
    const text = renderTemplate();
    expect(parse(text)).toSatisfy((tree: Record<string, unknown>) => Object.values(tree).every((v) => v === null));
    const directory = folder();
    writeFileSync(path.join(directory, 'guardian.yaml'), text);
    const loaded = loadSettings({ env: {}, directory });
    expect(Object.values(loaded.origins).every((origin) => origin === 'default')).toBe(true);
  });

  it('parses to the defaults with the comment marks removed', () => {
    const tree = parse(renderTemplate().replaceAll(/^( *)#(?! )/gm, '$1')) as Record<string, Record<string, unknown>>;
    for (const { path: name, default: value } of listSettings()) {
      const [section, key] = name.split('.');
      expect(key === undefined ? tree[section] : tree[section][key]).toEqual(value);
    }
  });
});
