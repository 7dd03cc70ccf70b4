/**
 * The rules that hold for the whole tree: which module may use which, what only one package may
 * use, and how long files and methods may be. {@code RulesTest} judges compiled classes, {@code
 * TidyTest} judges sources; both have planted violations that must be found. Nothing depends on
 * this package, and it runs on one thread.
 */
@NullMarked
package dev.kanal.architecture;

import org.jspecify.annotations.NullMarked;
