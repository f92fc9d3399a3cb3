/** The image providers, in the order of their rank. A new one is a file beside this and a line here. */
import type { ImageConnection, ImageProvider } from './image';
import { createMidjourney } from './midjourney';
import type { ImageProviderId } from './models';
import { createOpenAiImages } from './openai-images';
import { createStability } from './stability';

export const IMAGE_PROVIDERS: Record<
	ImageProviderId,
	(connection: ImageConnection) => ImageProvider
> = {
	stability: createStability,
	openai: createOpenAiImages,
	midjourney: createMidjourney,
};
