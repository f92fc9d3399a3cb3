/** An invoice as people see it: its hosted page and its PDF. */
import type { Stripe } from 'stripe';

import { escapeHtml, PAGE_HEADERS } from '../html';
import type { Reply } from '../service';

function titleOf({ number, amount_due: due, currency, status }: Stripe.Invoice): string {
	return `Invoice ${number ?? ''}: ${due} ${currency.toUpperCase()} (smallest unit), ${status ?? 'draft'}`;
}

export function invoicePage(invoice: Stripe.Invoice): Reply {
	const lines = invoice.lines.data.map(({ description, amount }) => `<li>${escapeHtml(description ?? '')}: ${amount}</li>`);
	const title = escapeHtml(titleOf(invoice));
	const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><ul>${lines.join('')}</ul></html>`;
	return { status: 200, headers: { ...PAGE_HEADERS }, body: Buffer.from(html) };
}

/** One page with one line of text. */
export function invoicePdf(invoice: Stripe.Invoice): Reply {
	const text = titleOf(invoice).replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&');
	const stream = `BT /F1 14 Tf 50 780 Td (${text}) Tj ET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
	];
	let pdf = '%PDF-1.4\n';
	const places: number[] = [];
	objects.forEach((object, index) => {
		places.push(pdf.length);
		pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
	});
	const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
	const end = pdf.length;
	pdf += `xref\n0 6\n0000000000 65535 f \n${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${end}\n%%EOF\n`;
	return {
		status: 200,
		headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="Invoice-${invoice.number ?? invoice.id}.pdf"` },
		body: Buffer.from(pdf, 'latin1'),
	};
}
