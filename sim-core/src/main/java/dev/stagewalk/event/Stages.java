package dev.stagewalk.event;

import dev.stagewalk.arch.Regime;
import org.jspecify.annotations.Nullable;

/**
 * The two stages of a translation of a VA, one by one.
 *
 * @param regime whose VA it is
 * @param asid the current ASID; −1 where the regime has none
 * @param global whether the translation holds for every ASID (nG = 0)
 * @param stage1 what stage 1 said, also where only permission lacked; null where it said nothing
 * @param stage2 what stage 2 said of the output of stage 1, likewise; null where it said nothing,
 *     was not asked, or is off
 */
public record Stages(
    Regime regime,
    int asid,
    boolean global,
    @Nullable StageOutput stage1,
    @Nullable StageOutput stage2) {}
