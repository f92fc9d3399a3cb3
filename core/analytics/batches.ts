/** Many records in few requests, each within the service's limits. */

export interface Batch {
	/** Places of its records in the whole list. */
	indexes: number[];
	/** A JSON list. */
	body: string;
}

/** @param limits records and bytes (uncompressed) of one request at most */
export function batchesOf(records: string[], limits: { records: number; bytes: number }): Batch[] {
	const batches: Batch[] = [];
	let indexes: number[] = [];
	let bytes = 2;
	const close = () => {
		if (indexes.length > 0) batches.push({ indexes, body: `[${indexes.map((index) => records[index]).join(',')}]` });
		indexes = [];
		bytes = 2;
	};
	records.forEach((record, index) => {
		const more = Buffer.byteLength(record) + 1;
		if (indexes.length === limits.records || bytes + more > limits.bytes) close();
		indexes.push(index);
		bytes += more;
	});
	close();
	return batches;
}
