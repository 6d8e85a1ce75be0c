package dev.stagewalk.session;

import dev.stagewalk.time.When;

/**
 * Something done to the machine of a scenario when its time comes.
 *
 * @param edit what is done
 * @param when its time
 * @param text both as they are typed: {@code clear-af ipa 0x40200000 at exit 3}
 */
public record PlannedEdit(Edit edit, When when, String text) {}
