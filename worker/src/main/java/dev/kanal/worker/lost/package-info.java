/**
 * Workers that die or stand still, and what they leave to others.
 *
 * <p>Entry point is {@link dev.kanal.worker.lost.LostWorkers}: it sends a pulse each second, and
 * asks {@link dev.kanal.worker.lost.Silences}, the rule, which workers have been silent for too
 * long. Members of share groups that such a worker left behind are removed by {@link
 * dev.kanal.worker.lost.LostMembers}, through {@link dev.kanal.worker.lost.MemberClient}. Blocking
 * calls run on a virtual thread that exists only while a worker is lost.
 */
@NullMarked
package dev.kanal.worker.lost;

import org.jspecify.annotations.NullMarked;
