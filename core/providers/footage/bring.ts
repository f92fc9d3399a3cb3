/** Brings chosen footage here. A file that can't be had is replaced like one that was refused; a library that hands none out is left out. */
import { throwIfCancelled } from '../../abort';
import type { FootageSource } from '../../documents';
import { isYtempireError, type YtempireError } from '../../errors';
import type { FfmpegTools } from '../../video/ffmpeg';
import { measurePicture, type Picture } from '../../video/picture';
import type { FootageCandidate } from './footage';
import type { FootageLibrary } from './library';
import { bestRendition } from './rank';
import { footageTitle } from './terms';

/** A clip or photo on this machine, measured. */
export interface Clip extends Picture {
	source: FootageSource;
}

/** Files of one library that can't be had, each tried repeatedly, before no further one of it is tried. */
const FAILURES_OF_A_LIBRARY = 3;

export interface BringInput {
	library: FootageLibrary;
	/** Pixels of the output. */
	width: number;
	height: number;
	tools: FfmpegTools;
}

export class Bringer {
	private readonly failures = new Map<string, number>();

	private brought = 0;

	private lastFailure: YtempireError | undefined;

	/** @param warnings what the operator should know is added */
	constructor(
		private readonly input: BringInput,
		private readonly warnings: Set<string>,
	) {}

	/** Whether files of that library are still tried. */
	isTried({ provider }: Pick<FootageCandidate, 'provider'>): boolean {
		return (this.failures.get(provider) ?? 0) < FAILURES_OF_A_LIBRARY;
	}

	/** The same candidates in their order, those of libraries that have handed out all their files first; those left out are not among them. */
	soundFirst(candidates: readonly FootageCandidate[]): FootageCandidate[] {
		const isSound = ({ provider }: FootageCandidate) => !this.failures.has(provider);
		const tried = candidates.filter((candidate) => this.isTried(candidate));
		return [...tried.filter(isSound), ...tried.filter((candidate) => !isSound(candidate))];
	}

	/**
	 * `undefined` when the file was refused or can't be had; a warning says why.
	 * @throws YtempireError `cancelled`
	 */
	async bring(candidate: FootageCandidate, sceneId: string, signal: AbortSignal | undefined): Promise<Clip | undefined> {
		const { library, tools } = this.input;
		const rendition = bestRendition(candidate, this.input);
		if (!rendition || !this.isTried(candidate)) return undefined;
		try {
			const file = await library.obtain(candidate, rendition, { signal });
			const picture = await measurePicture(tools, candidate.kind, file, signal);
			this.brought += 1;
			return { ...picture, source: sourceOf(candidate, sceneId, rendition) };
		} catch (error) {
			throwIfCancelled(signal);
			if (!isYtempireError(error)) throw error;
			this.warnings.add(`${error.message} (${sceneId}, ${candidate.kind === 'photo' ? 'photo' : 'clip'} ${candidate.id})`);
			if (error.errorClass !== 'invalid-request') this.failed(candidate.provider, error);
			return undefined;
		}
	}

	/** @throws YtempireError the last failure, when files were chosen and not one of them could be had */
	throwIfNothingCame(): void {
		if (this.brought === 0 && this.lastFailure) throw this.lastFailure;
	}

	private failed(provider: string, error: YtempireError): void {
		this.lastFailure = error;
		const failures = (this.failures.get(provider) ?? 0) + 1;
		this.failures.set(provider, failures);
		if (failures === FAILURES_OF_A_LIBRARY) {
			this.warnings.add(`No further files of ${footageTitle(provider)} were tried: ${failures} could not be had`);
		}
	}
}

function sourceOf(candidate: FootageCandidate, sceneId: string, { width, height }: { width: number; height: number }): FootageSource {
	return {
		scene_id: sceneId,
		provider: candidate.provider,
		kind: candidate.kind,
		id: candidate.id,
		page_url: candidate.pageUrl,
		author: candidate.author,
		author_url: candidate.authorUrl,
		license: candidate.license,
		width,
		height,
	};
}
