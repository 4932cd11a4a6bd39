/** How each system is told to trust the authority of this Guardian. Names of menus are those of late 2026. */
import type { ReactNode } from 'react';

interface Steps {
  system: string;
  /** What the browser says it runs on. */
  isHere: RegExp;
  steps: ReactNode[];
}

const trustSteps: readonly Steps[] = [
  {
    system: 'iPhone and iPad',
    isHere: /iPhone|iPad/,
    steps: [
      'Open this page in Safari and download the certificate; allow the configuration profile.',
      <>
        Open <b>Settings</b>, touch <b>Profile Downloaded</b>, and install it.
      </>,
      <>
        Open <b>Settings → General → About → Certificate Trust Settings</b> and switch it on under full trust.
      </>,
    ],
  },
  {
    system: 'Android',
    isHere: /Android/,
    steps: [
      'Download the certificate.',
      <>
        Open <b>Settings → Security and privacy → More → Encryption and credentials → Install a certificate</b> and
        choose <b>CA certificate</b>.
      </>,
      'Confirm the warning, and choose the file that was downloaded. Chrome trusts it at once; in Firefox switch on "Use third party CA certificates" in its secret settings.',
    ],
  },
  {
    system: 'Windows',
    isHere: /Windows/,
    steps: [
      'Download the certificate and open it.',
      <>
        Choose{' '}
        <b>
          Install Certificate → Current User → Place all certificates in the following store → Trusted Root
          Certification Authorities
        </b>
        .
      </>,
      'Compare the fingerprint in the question that follows, and say yes. Start the browser again.',
    ],
  },
  {
    system: 'macOS',
    isHere: /Macintosh/,
    steps: [
      'Download the certificate and open it: Keychain Access takes it into the login keychain.',
      <>
        Open it there, and under <b>Trust</b> set <b>Secure Sockets Layer (SSL)</b> to <b>Always Trust</b>.
      </>,
    ],
  },
  {
    system: 'Linux',
    isHere: /Linux|X11/,
    steps: [
      <>
        For programs on Debian and Ubuntu: <code>sudo cp home-iot-guardian.crt /usr/local/share/ca-certificates/</code>{' '}
        and <code>sudo update-ca-certificates</code>. On Fedora: <code>sudo trust anchor home-iot-guardian.crt</code>.
      </>,
      <>
        In Chrome:{' '}
        <b>
          Settings → Privacy and security → Security → Manage certificates → Installed by you → Trusted certificates →
          Import
        </b>
        . In Firefox: <b>Settings → Privacy &amp; Security → View Certificates → Authorities → Import</b>.
      </>,
      <>
        For one command: <code>curl --cacert home-iot-guardian.crt</code>.
      </>,
    ],
  },
];

/** The system that the page is read on comes first, and is open; Android calls itself Linux too. */
export function stepsForHere(agent: string): { steps: Steps; isHere: boolean }[] {
  const here = trustSteps.find(({ isHere }) => isHere.test(agent));
  const others = trustSteps.filter((one) => one !== here);
  return [...(here ? [{ steps: here, isHere: true }] : []), ...others.map((steps) => ({ steps, isHere: false }))];
}
