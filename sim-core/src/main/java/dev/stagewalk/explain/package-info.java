/**
 * What happened, in words: the sentence, the bits that say so, the walk, the rule, what would have
 * happened otherwise, and what a hypervisor may do about it. It computes nothing that the walker
 * could say, and knows no session and no face.
 */
@NullMarked
package dev.stagewalk.explain;

import org.jspecify.annotations.NullMarked;
