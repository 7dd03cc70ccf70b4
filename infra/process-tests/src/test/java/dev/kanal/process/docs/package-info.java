/**
 * The pages, followed by the letter: README, docs/WORKER.md, the contract.
 *
 * <p>Each test takes the lines out of the page and runs them.
 */
@NullMarked
package dev.kanal.process.docs;

import org.jspecify.annotations.NullMarked;
