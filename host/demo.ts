/** The main job on this machine: a topic in, a published video out, in a real n8n with every service the sandbox. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';

import type { DemoOptions } from './demo/options';
import { takeDown } from './demo/faults';
import { followJob } from './demo/follow';
import { buildReport, saveResult, sayTried, type DemoReport } from './demo/report';
import { Screen, table } from './demo/screen';
import { stageTable } from './demo/stage-table';
import { chosenWorkflows, runWorkflows, workflowsToPublish, type WorkflowsReport } from './demo/workflows';
import { findFfmpeg } from '../core/video/ffmpeg';
import { startFactory, type Factory } from './factory';
import { startSandboxProcess, type SandboxProcess } from './sandbox';

const WORKFLOW = 'workflow_001';

/** Seconds a video may take beyond what its length explains. */
const PATIENCE_S = 300;

/** Where finished videos are left. */
const OUTPUT = 'demo-output';

/** The main job, or with `--workflow` those workflows once each. */
export async function runDemo(options: DemoOptions): Promise<DemoReport | WorkflowsReport> {
	// a name that isn't there is said at once
	if (options.workflow) chosenWorkflows(options.workflow);
	const screen = new Screen(options.json ? process.stderr : process.stdout);
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-demo-'));
	process.once('exit', () => {
		rmSync(scratch, { recursive: true, force: true });
	});
	const began = performance.now();
	screen.line(options.workflow ? `YTEMPIRE: workflows, ${options.workflow}` : `YTEMPIRE: "${options.topic}", ${options.duration} s, ${options.style}`);
	const tools = await findFfmpeg();
	const sandbox = await startSandboxProcess(join(scratch, 'sandbox'));
	let factory: Factory | undefined;
	try {
		screen.line('✔ Sandbox runs: every service answers on this machine');
		await breakServices(sandbox, options.fail, screen);
		factory = await startFactory({
			services: sandbox.services,
			workflows: options.workflow ? workflowsToPublish() : ['video_generation.json'],
			n8n: {
				userFolder: join(scratch, 'n8n'),
				editor: options.keep,
				env: { YTEMPIRE_FFMPEG_PATH: tools.ffmpeg, YTEMPIRE_FFPROBE_PATH: tools.ffprobe },
			},
			onStep: (text) => {
				screen.line(`✔ ${text}`);
			},
		});
		const seconds = () => Math.round((performance.now() - began) / 100) / 10;
		if (options.workflow) {
			const workflows = await runWorkflows(options, { factory, sandbox, screen });
			if (options.keep) await keepOpen(factory, undefined, screen);
			return { ok: workflows.every(({ ok }) => ok), workflows, seconds: seconds() };
		}
		const report = await makeVideo(options, factory, sandbox, screen);
		report.seconds = seconds();
		if (!options.json) print(report, screen);
		if (options.keep) await keepOpen(factory, report.watch_url, screen);
		return report;
	} finally {
		await factory?.remove();
		await sandbox.stop();
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** @throws Error for a service that the sandbox doesn't have */
async function breakServices(sandbox: SandboxProcess, services: string[], screen: Screen): Promise<void> {
	for (const service of services) {
		if (!(service in sandbox.services)) {
			throw new Error(`--fail: there is no ${service}; the services are ${Object.keys(sandbox.services).join(', ')}`);
		}
	}
	await takeDown(sandbox, services);
	if (services.length > 0) screen.line(`✔ Down, as asked: ${services.join(', ')}`);
}

async function makeVideo(
	options: DemoOptions,
	factory: Factory,
	sandbox: SandboxProcess,
	screen: Screen,
): Promise<DemoReport> {
	const videoId = `demo-${Date.now().toString(36)}`;
	const answer = await factory.post(WORKFLOW, {
		video_id: videoId,
		topic: options.topic,
		style: options.style,
		duration: options.duration,
		options: { format: options.format },
		notify_email: 'operator@ytempire.example',
	});
	if (answer.status !== 202) {
		throw new Error(`The webhook answered ${answer.status}: ${JSON.stringify(answer.body)}`);
	}
	screen.line(`✔ Request taken in as ${videoId} (HTTP ${answer.status})`);
	const executionId = String(answer.body.execution_id);
	const job = await followJob({
		store: factory.store,
		videoId,
		screen,
		timeoutMs: (PATIENCE_S + options.duration * 10) * 1000,
		executionEnded: async () => {
			const executions = await factory.n8n.executions({ workflowId: WORKFLOW });
			const own = executions.find(({ id }) => id === executionId);
			return own !== undefined && own.stoppedAt !== null;
		},
	});
	const folder = resolve(OUTPUT, videoId);
	mkdirSync(folder, { recursive: true });
	const saved = await saveResult({ job, folder, sandbox });
	return buildReport({ job, executionId, options, saved });
}

function print(report: DemoReport, screen: Screen): void {
	screen.line();
	screen.line(table(stageTable(report)));
	screen.line();
	for (const { stage, tried } of report.fallbacks) screen.line(`Fallback  ${stage}: ${tried.map(sayTried).join('; ')}`);
	if (report.quality) {
		screen.line(`Quality   ${report.quality.score.toFixed(2)} of 1 (at least ${report.quality.threshold})`);
		for (const reason of report.quality.reasons) screen.line(`          ${reason}`);
	}
	if (report.account_id) {
		screen.line(`Account   ${report.account_id}, ${report.quota?.used} of ${report.quota?.limit} uploads of its project used today`);
	}
	if (report.failure) {
		screen.line(`Stopped   at ${report.failure.stage}: ${report.failure.reason}`);
		screen.line(`Cure      ${report.failure.cure}`);
	}
	if (report.video_path) screen.line(`Video     ${report.video_path}`);
	if (report.watch_page) screen.line(`Watch     ${report.watch_page}`);
	screen.line(`Cost      $${report.cost_usd.toFixed(4)} at the providers' prices; the sandbox took nothing`);
}

async function keepOpen(factory: Factory, watchUrl: string | undefined, screen: Screen): Promise<void> {
	screen.line();
	screen.line(`n8n       ${factory.n8n.url}/workflow/${WORKFLOW}`);
	screen.line(`          ${factory.n8n.owner.email}  ${factory.n8n.owner.password}`);
	if (watchUrl) screen.line(`YouTube   ${watchUrl}`);
	screen.line('Ctrl-C ends it.');
	await once(process, 'SIGINT');
}
