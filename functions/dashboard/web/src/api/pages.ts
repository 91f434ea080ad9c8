/** Lists that come in pages, read whole where a screen needs all of them. */

interface Page {
  next_page_token: string | null;
}

const MOST_PAGES = 20;

/** Every page of a list, one after the other; at most twenty, which `isCut` tells. */
export async function everyPage<Body extends Page>(
  ask: (pageToken: string | undefined) => Promise<Body>,
): Promise<{ pages: Body[]; isCut: boolean }> {
  const pages: Body[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    pages.push(page);
    token = page.next_page_token ?? undefined;
  } while (token !== undefined && pages.length < MOST_PAGES);
  return { pages, isCut: token !== undefined };
}
