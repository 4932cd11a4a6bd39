import { DECLARED, defineKind, HINT, LIKELY, TELLING } from './rule.ts';

export const computer = defineKind({
  kind: 'computer',
  title: 'Computer',
  rules: [
    {
      in: ['dhcp_name', 'mdns_name', 'mdns_instance', 'netbios_name'],
      match:
        /macbook|\bimac\b|mac-?mini|mac-?(?:pro|studio)|\blaptop|\bdesktop-|\bworkstation|thinkpad|\bnotebook|\bnuc\b|ubuntu|debian|fedora|\bwindows\b|-pc$|^pc-|^win-|surface|chromebook|\bxps\b|latitude|raspberry/i,
      weight: TELLING,
      why: 'a name of computers',
    },
    { in: 'mdns_text', match: /model=(?:Mac|iMac)/i, weight: DECLARED, why: 'declares its model' },
    { in: 'dhcp_vendor_class', match: /^MSFT 5\.0/, weight: LIKELY, why: "Windows' DHCP client" },
    {
      in: 'mdns_service',
      match: /^_(?:workstation|rfb|sftp-ssh|udisks-ssh)\._/,
      weight: HINT,
      why: 'offers a service of computers',
    },
    {
      in: 'user_agent',
      match:
        /Windows NT|Macintosh|X11; (?:Linux|Ubuntu|CrOS)|Microsoft-CryptoAPI|Debian APT|Microsoft BITS|Windows-Update-Agent/,
      weight: LIKELY,
      why: 'says in its requests',
    },
    {
      in: 'vendor',
      match:
        /dell|lenovo|hewlett|intel corporate|micro-star|asustek|gigabyte|asrock|framework|pcs systemtechnik|vmware|qemu|parallels|wistron|compal|quanta|clevo|toshiba|fujitsu|acer/i,
      weight: HINT,
      why: 'the maker mostly makes computers',
    },
    { in: 'vendor', match: /raspberry pi/i, weight: HINT + 0.2, why: 'a small computer, whatever it is used for' },
    {
      in: 'lookup',
      match:
        /(?:^|\.)(?:windowsupdate\.com|update\.microsoft\.com|msftconnecttest\.com|msftncsi\.com|deb\.debian\.org|archive\.ubuntu\.com|connectivity-check\.ubuntu\.com|swscan\.apple\.com|settings-win\.data\.microsoft\.com)$/i,
      weight: HINT + 0.1,
      why: 'looks up what computers do',
    },
    {
      in: 'dhcp_parameters',
      match: /^1,121,3,6,15,(?:108,114,)?119,252,95,44,46$/,
      weight: HINT,
      why: 'asks by DHCP for what a Mac asks',
    },
  ],
});
