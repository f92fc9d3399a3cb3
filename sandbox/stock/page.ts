/** Pages for people who follow the credit of a clip, a picture or an author. */
import { escapeHtml } from '../html';

/**
 * @param library its name
 * @param content HTML
 */
export function creditPage(library: string, title: string, content: string): Buffer {
	return Buffer.from(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ${escapeHtml(library)} sandbox</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
video, img { width: 100%; max-height: 75vh; border-radius: 0.75rem; background: #0003; object-fit: contain; }
</style>
<h1>${escapeHtml(title)}</h1>
${content}
</html>
`);
}
