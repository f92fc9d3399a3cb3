/** Pieces of the page: whatever comes from outside becomes text, in HTML as in a script's data. */
import { escapeHtml } from '../../email/html';
import { cleanText } from '../../text';

/** Any value as text in HTML, in elements and in quoted attributes. */
export function text(value: string | number): string {
	return escapeHtml(cleanText(String(value)));
}

/** JSON inside a script element: nothing in it ends the element or a line, see the HTML standard on script's content. */
export function scriptJson(value: unknown): string {
	return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export interface Column<T> {
	head: string;
	/** HTML. */
	cell(row: T): string;
	isNumber?: boolean;
}

/**
 * A table whose rows stand as cards on a narrow screen. The first column names the row. Roles are said because
 * browsers forget a table's own when its boxes are no table's any more.
 */
export function table<T>(caption: string, columns: Array<Column<T>>, rows: readonly T[]): string {
	const number = ({ isNumber }: Column<T>) => (isNumber ? ' class="number"' : '');
	const head = columns.map((column) => `<th role="columnheader" scope="col"${number(column)}>${text(column.head)}</th>`);
	const body = rows.map((row) => {
		const cells = columns.map((column, index) => {
			const content = `<span>${column.cell(row)}</span>`;
			return index === 0
				? `<th role="rowheader" scope="row">${content}</th>`
				: `<td role="cell" data-head="${text(column.head)}"${number(column)}>${content}</td>`;
		});
		return `<tr role="row">${cells.join('')}</tr>`;
	});
	return `<table role="table">
<caption>${text(caption)}</caption>
<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>
<tbody role="rowgroup">
${body.join('\n')}
</tbody>
</table>`;
}
