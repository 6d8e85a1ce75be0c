/**
 * What real machines recorded: traces of KVM, QEMU and models, read into one form. What a source
 * does not say is unknown here, never invented. And the files of this program's own recordings.
 */
@NullMarked
package dev.stagewalk.trace;

import org.jspecify.annotations.NullMarked;
