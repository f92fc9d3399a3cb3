/** The gateway's tasks: a prompt's sheet of four, and one of the four alone. */
import type { ServiceContext } from '../service';

export interface Task {
	id: string;
	action: 'IMAGINE' | 'UPSCALE';
	prompt: string;
	/** Which of the four; 0 for the sheet. */
	index: number;
	status: 'IN_PROGRESS' | 'SUBMITTED' | 'SUCCESS';
	progress: string;
	submitTime: number;
	imageUrl: string | null;
}

export function tasksOf(context: ServiceContext): Map<string, Task> {
	return context.table<Task>('tasks');
}

/** @returns the task's id: 16 digits, as the gateway makes them */
export function submit(context: ServiceContext, asked: Pick<Task, 'action' | 'index' | 'prompt'>): string {
	const tasks = tasksOf(context);
	const id = context.random(`task:${tasks.size + 1}`).id(16, '123456789');
	tasks.set(id, { id, ...asked, status: 'SUBMITTED', progress: '0%', submitTime: context.clock.now(), imageUrl: null });
	return id;
}

export function isBody(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
