package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something done to the machine that belongs to a run from its beginning: it takes effect when its
 * time comes, in whatever way the run has come there, and each time it does. Unlike an {@link
 * Input} it is not taken back; one goes back before it.
 *
 * @param when its time
 * @param words what it is, for people
 * @param action what it does to the machine
 * @param refusal why it cannot be done to a machine as it is now; then that is reported, and
 *     nothing is done
 */
public record Planned(
    When when, String words, Input.Action action, Function<Machine, Optional<String>> refusal) {}
