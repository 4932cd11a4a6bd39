import { Page } from '../part/page.tsx';
import { Link } from '../router.tsx';

export function NotFoundPage() {
  return (
    <Page title="Not found" heading="There is no such page">
      <p>
        The address may be mistyped. <Link href="/">Home</Link> shows how your network is; the menu has everything else.
      </p>
    </Page>
  );
}
