/** What the demo's command line may say. */
import { parseArgs } from 'node:util';

export interface DemoOptions {
	topic: string;
	/** Seconds. */
	duration: number;
	style: string;
	/** Width to height. */
	format: string;
	/** A workflow to run once in place of the main job, or `all`; empty for the main job. */
	workflow: string;
	/** Services of the sandbox that answer with 503 throughout. */
	fail: string[];
	/** Leave n8n and the sandbox running until Ctrl-C. */
	keep: boolean;
	/** One JSON object on standard output, everything else on standard error. */
	json: boolean;
}

export const USAGE = `npm run demo -- [options]

  --topic TEXT     what the video is about (default: "How do volcanoes work?")
  --duration N     its length in seconds (default: 30)
  --style NAME     professional, casual, energetic or calm (default: professional)
  --format W:H     16:9, 9:16, 1:1 or 4:5 (default: 16:9)
  --workflow NAME  run this workflow once instead, e.g. quality_check; all: each of them, and its outcome
  --fail NAMES     services that are down, e.g. openai,elevenlabs: others take their place
  --keep           leave n8n open in the browser until Ctrl-C
  --json           print one JSON object instead of a table`;

export function parseDemoOptions(args: string[]): DemoOptions | 'help' {
	const { values } = parseArgs({
		args,
		options: {
			topic: { type: 'string', default: 'How do volcanoes work?' },
			duration: { type: 'string', default: '30' },
			style: { type: 'string', default: 'professional' },
			format: { type: 'string', default: '16:9' },
			workflow: { type: 'string', default: '' },
			fail: { type: 'string', default: '' },
			keep: { type: 'boolean', default: false },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) return 'help';
	const duration = Number(values.duration);
	if (!Number.isInteger(duration)) throw new Error(`--duration takes whole seconds, not "${values.duration}"`);
	const { topic, style, format, keep, json, workflow } = values;
	const fail = values.fail.split(',').map((name) => name.trim()).filter(Boolean);
	return { topic, duration, style, format, workflow, fail, keep, json };
}
