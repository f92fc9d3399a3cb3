/** A link with a round trip: what comes in leaves later by half of it, each way, at whatever rate it came. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes under way in one direction: at 20 ms they hold nothing back below 6 GB/s. */
const WINDOW_BYTES = 128 * 1024 * 1024;

interface Parcel {
	/** When it leaves, in milliseconds of `performance.now()`. */
	due: number;
	/** Null for the end of the stream. */
	bytes: Buffer | null;
}

/**
 * Listens on a free port of this machine and hands everything on to another one. That a TCP connection is
 * opened costs no round trip here; TLS's own exchange does.
 * @param oneWayMs half of the round trip, asked for every parcel
 */
export async function delayedLink(target: number, oneWayMs: () => number): Promise<Server> {
	const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
		const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
		carry(near, far, oneWayMs);
		carry(far, near, oneWayMs);
	});
	return await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve(server));
	});
}

function carry(from: Socket, to: Socket, oneWayMs: () => number): void {
	const parcels: Parcel[] = [];
	let bytesUnderWay = 0;
	let timer: NodeJS.Timeout | undefined;
	let isFull = false;

	const take = (bytes: Buffer | null): void => {
		parcels.push({ due: performance.now() + oneWayMs(), bytes });
		bytesUnderWay += bytes?.length ?? 0;
		if (bytesUnderWay >= WINDOW_BYTES) from.pause();
		deliver();
	};
	const deliver = (): void => {
		clearTimeout(timer);
		for (let next = parcels[0]; next !== undefined && !isFull; next = parcels[0]) {
			const wait = next.due - performance.now();
			if (wait > 0) {
				timer = setTimeout(deliver, wait);
				return;
			}
			parcels.shift();
			if (next.bytes === null) {
				to.end();
				return;
			}
			bytesUnderWay -= next.bytes.length;
			if (bytesUnderWay < WINDOW_BYTES) from.resume();
			isFull = !to.write(next.bytes);
		}
	};
	from.on('data', take);
	from.on('end', () => take(null));
	from.on('error', () => to.destroy());
	to.on('drain', () => {
		isFull = false;
		deliver();
	});
	to.on('close', () => {
		clearTimeout(timer);
		from.destroy();
	});
}
