/**
 * Readers of memory dumps (ELF core files, LiME files, raw memory) and of the instructions in ELF
 * programs. They say what memory a file holds and read it where it stands; they know nothing of
 * tables, registers or guests.
 */
@NullMarked
package dev.stagewalk.image;

import org.jspecify.annotations.NullMarked;
