/** For so long an author may change a message; the core has the last word. */
export const EDIT_WINDOW_MS = 24 * 60 * 60 * 1000

/** What is offered to react with. */
export const QUICK_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const

/** What is offered for how long messages stay, in seconds; 0 for ever. */
export const DISAPPEARING_CHOICES = [0, 30, 300, 3600, 28_800, 86_400, 604_800, 2_419_200] as const
