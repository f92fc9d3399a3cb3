/**
 * The only import of Google's client libraries: YouTube's part alone (the package's root loads every
 * API, 0.9 s and 117 MB). Load it on first use: `await import('../vendor/googleapis')`.
 */
import { auth, youtube, type youtube_v3 } from 'googleapis/build/src/apis/youtube';

/** google-auth-library's OAuth2Client, as googleapis hands it on. */
export const { OAuth2: OAuth2Client } = auth;

export type OAuth2Client = InstanceType<typeof OAuth2Client>;

export { youtube };

export type YouTubeApi = youtube_v3.Youtube;
export type YouTubeVideo = youtube_v3.Schema$Video;
