/** Sentences for the beginning, the middle and the end of a script. `{about}` is the topic as it fits behind "about". */

export type Style = 'professional' | 'casual' | 'energetic' | 'calm';

export const GREETINGS: Record<Style, string[]> = {
	professional: ['Welcome.', 'Good to have you here.', 'Let us begin.'],
	casual: ['Hey, good to see you.', 'Hi there.', 'Glad you are here.'],
	energetic: ['Ready? Here we go!', 'Let us jump right in!', 'This is going to be fun!'],
	calm: ['Take a slow breath.', 'Find a quiet moment.', 'Let us take our time.'],
};

export const HOOKS = [
	'What if everything you heard about {about} was only half of the story?',
	'Most people get one thing wrong about {about}, and it costs them months.',
	'There is a quiet secret about {about} that experts rarely explain in plain words.',
	'Here is a surprising fact about {about} that changes how you see it.',
	'A few minutes from now you will think differently about {about}.',
	'Nobody tells beginners the truth about {about}.',
	'Ask ten people about {about}, and nine will repeat the same old mistake.',
	'When it comes to {about}, small choices make an enormous difference.',
];

export const SHORT_HOOKS = [
	'Let us talk about {about}.',
	'Here is the truth about {about}.',
	'This is about {about}.',
	'Think again about {about}.',
];

export const INTROS = [
	'In this video we look at what really matters about {about}.',
	'We will keep it simple, and every idea comes with an example you can picture.',
	'By the end you will know what to do first, what to skip, and why.',
	'No jargon, no filler, just the parts that hold up in real life.',
	'Stay with me, because the last point ties all of it together.',
	'It does not matter whether you are new to this or have years behind you.',
	'Think of it as a short map of a large country.',
	'We begin with the basics and build up from there.',
];

export const CALLS_TO_ACTION = [
	'If this helps you, subscribe now, so that you do not miss the next part.',
	'Tell me in the comments what you have tried so far.',
	'Tap the like button if you have learned something new already.',
	'Share this with one friend who needs to hear it today.',
	'Save this video, because you will want to come back to it.',
	'Write down one idea before we go on.',
	'Subscribe for more stories like this one.',
];

export const CONCLUSIONS = [
	'So that is the heart of the matter when it comes to {about}.',
	'Remember, you do not need to do all of it at once.',
	'Pick one idea from today and give it a fair chance this week.',
	'Small steps, repeated often, beat a grand plan that never begins.',
	'Now you know more about {about} than most people ever will.',
	'The rest is practice, curiosity and a little patience.',
	'What you do next is the part that counts.',
	'Keep asking good questions.',
];

/** Said last. */
export const FAREWELLS = ['Thanks for watching.', 'See you in the next video.'];

/** Short ones that fit anywhere and fill the last words of an allotted time. */
export const BEATS = [
	'Here is why.',
	'Let that sink in.',
	'It really is that simple.',
	'Think about it for a moment.',
	'That changes everything.',
	'Now picture this.',
	'And it works.',
	'Simple, but powerful.',
	'Notice the difference.',
	'This part matters most.',
	'It adds up quickly.',
	'You can feel it.',
	'Nothing more, nothing less.',
	'Look closely.',
	'Here is the interesting part.',
	'The result may surprise you.',
	'Few people see it coming.',
	'It is easier than it sounds.',
];

/** Behind any point. `{label}` is the point's name as a noun phrase. */
export const REFLECTIONS = [
	'Keep {label} in mind whenever things get complicated.',
	'Once you notice {label}, you begin to see it everywhere.',
	'A friend of mine learned about {label} the hard way, and now swears by it.',
	'If you remember only one thing from this part, let it be {label}.',
	'Many experts put {label} at the very top of their list.',
	'At first sight {label} seems too ordinary to matter, and that is why so many people miss it.',
	'Ask yourself what {label} would look like in your own life.',
	'There is a good reason why people keep coming back to {label}.',
	'Without {label}, the other pieces rarely fall into place.',
	'It took years before anyone described {label} in such plain words.',
	'Try to explain {label} to a child, and you will find out how well you understand it.',
	'Picture {label} as one gear in a clock: small, quiet and impossible to leave out.',
	'Everyone who takes {label} seriously tells much the same story afterwards.',
	'You do not have to be perfect at it; knowing about {label} already puts you ahead.',
];
