/**
 * What a JVM learns from is what it is shown: {@link dev.kanal.check.train.TrainApplication} starts
 * a Kanal, sends it jobs of every kind, one by one and in bulk, takes its traces, and stops it.
 * Nothing else depends on this package.
 */
@NullMarked
package dev.kanal.check.train;

import org.jspecify.annotations.NullMarked;
