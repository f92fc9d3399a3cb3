/** A wish in words, for providers that have no fields for style and for what is not to be seen. */
import type { ImageWish } from './image';

/** `3d-model` as people say it. */
export function styleWords(style: string): string {
	return style.replaceAll('-', ' ');
}

export function promptWithStyle({ prompt, style }: Pick<ImageWish, 'prompt' | 'style'>): string {
	return style ? `${prompt}. Style: ${styleWords(style)}.` : prompt;
}
