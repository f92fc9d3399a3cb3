/** `--workflow NAME` and `--workflow all`: every workflow published in one n8n, each of those named run once. */
import { readdirSync } from 'node:fs';

import type { Job } from '../../core/jobs/job';
import { failingWorkflow } from '../failing';
import type { Factory } from '../factory';
import { readWorkflow, type WorkflowFile } from '../provision';
import type { SandboxProcess } from '../sandbox';

import { bringBack, takeDown } from './faults';
import { followJob } from './follow';
import type { DemoOptions } from './options';
import { RUNS, runByTrigger, type Outcome, type RunContext } from './runs';
import type { Screen } from './screen';

/** Seconds a video may take beyond what its length explains. */
const PATIENCE_S = 300;

export interface WorkflowRun extends Outcome {
	/** File name without its ending. */
	workflow: string;
	id: string;
	name: string;
	seconds: number;
}

export interface WorkflowsReport {
	/** True when each did what it is there for. */
	ok: boolean;
	workflows: WorkflowRun[];
	/** From the command to the last outcome. */
	seconds: number;
}

interface Named {
	file: string;
	workflow: WorkflowFile;
}

/** The order of the first five is a video's; the others follow. */
const FIRST = ['video_generation', 'quality_check', 'quality_monitoring', 'youtube_upload', 'cost_optimization'];

function allWorkflows(): Named[] {
	const place = (file: string) => (FIRST.includes(file) ? FIRST.indexOf(file) : FIRST.length);
	return readdirSync('workflows')
		.map((name) => ({ file: name.replace(/\.json$/, ''), workflow: readWorkflow(name) }))
		.sort((a, b) => place(a.file) - place(b.file) || (a.file < b.file ? -1 : 1));
}

/**
 * @param name a file's name, a workflow's ID, or `all`
 * @throws Error naming those that there are
 */
export function chosenWorkflows(name: string): Named[] {
	const all = allWorkflows();
	const chosen = name === 'all' ? all : all.filter(({ file, workflow }) => [file, `${file}.json`, workflow.id].includes(name));
	if (chosen.length > 0) return chosen;
	throw new Error(`--workflow: there is no ${name}; there are all, ${all.map(({ file }) => file).join(', ')}`);
}

/** What a factory needs for them: all, for they call each other, and one that fails for the error handler. */
export const workflowsToPublish = (): Array<string | WorkflowFile> => [...readdirSync('workflows'), failingWorkflow];

export async function runWorkflows(
	options: DemoOptions,
	{ factory, sandbox, screen }: { factory: Factory; sandbox: SandboxProcess; screen: Screen },
): Promise<WorkflowRun[]> {
	const videos = new DemoVideos(options, factory, sandbox, screen);
	const runs: WorkflowRun[] = [];
	for (const { file, workflow } of chosenWorkflows(options.workflow)) {
		const began = performance.now();
		const context: RunContext = {
			factory,
			sandbox,
			workflow,
			published: async () => await videos.published(),
			rendered: async () => await videos.rendered(),
		};
		const outcome = await (RUNS[file] ?? runByTrigger)(context).catch((error: unknown) => ({
			ok: false,
			started_by: '',
			outcome: error instanceof Error ? error.message : String(error),
		}));
		screen.line(`${outcome.ok ? '✔' : '✘'} ${file.padEnd(20)} ${outcome.outcome}`);
		const seconds = Math.round((performance.now() - began) / 100) / 10;
		runs.push({ workflow: file, id: workflow.id, name: workflow.name, ...outcome, seconds });
	}
	return runs;
}

/** The videos that workflows look at: made when the first asks for one. */
class DemoVideos {
	private made: Promise<Job> | undefined;

	constructor(
		private readonly options: DemoOptions,
		private readonly factory: Factory,
		private readonly sandbox: SandboxProcess,
		private readonly screen: Screen,
	) {}

	async published(): Promise<Job> {
		this.made ??= this.make('demo-published');
		return await this.made;
	}

	async rendered(): Promise<Job> {
		await takeDown(this.sandbox, ['youtube']);
		try {
			return await this.make('demo-rendered');
		} finally {
			await bringBack(this.sandbox, this.options.fail);
		}
	}

	private async make(videoId: string): Promise<Job> {
		const { topic, style, duration, format } = this.options;
		const { status, body } = await this.factory.post('workflow_001', {
			video_id: videoId,
			topic,
			style,
			duration,
			options: { format, resolution: '320x180' },
		});
		if (status !== 202) throw new Error(`workflow_001 answered ${status}: ${JSON.stringify(body)}`);
		const executionId = String(body.execution_id);
		return await followJob({
			store: this.factory.store,
			videoId,
			screen: this.screen,
			timeoutMs: (PATIENCE_S + duration * 10) * 1000,
			executionEnded: async () => {
				const executions = await this.factory.n8n.executions({ workflowId: 'workflow_001' });
				return executions.some(({ id, stoppedAt }) => id === executionId && stoppedAt !== null);
			},
		});
	}
}
