import { Page } from '../part/page.tsx';
import { Link } from '../router.tsx';

export function NotFoundPage() {
  return (
    <Page title="Not found" heading="There is no such page">
      <p>
        The address may be mistyped. <Link href="/">Scan a file</Link> or look at the <Link href="/scans">history</Link>
        .
      </p>
    </Page>
  );
}
