/**
 * Workers that die or stand still, and what they leave to others.
 *
 * <p>Entry point is {@link dev.kanal.worker.lost.LostWorkers}: it says each second that this worker
 * lives, and asks {@link dev.kanal.worker.lost.Silences}, the rule, who has been silent for too
 * long. Members of share groups that such a worker left behind are taken out by {@link
 * dev.kanal.worker.lost.LostMembers}, through {@link dev.kanal.worker.lost.MemberDoor}. What blocks
 * runs on a virtual thread that is there only while somebody is lost.
 */
@NullMarked
package dev.kanal.worker.lost;

import org.jspecify.annotations.NullMarked;
