/** A small HTTP/1.1 client that takes little from the machine that it shares with the server. */
@NullMarked
package dev.kanal.bench.http;

import org.jspecify.annotations.NullMarked;
