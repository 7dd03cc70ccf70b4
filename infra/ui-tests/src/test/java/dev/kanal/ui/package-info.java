/**
 * The dashboard as a person has it: in a browser, against a running Kanal.
 *
 * <p>{@link dev.kanal.ui.BrowserTest} marks the test classes; its extension finds the browser
 * (Debian's Chromium, or what the system property {@code ui.browser} names) and skips them where
 * there is none. One thread: Playwright wants no other. Every {@link dev.kanal.ui.Tab} fails its
 * test if the page wrote an error to the console or asked another host for anything. Screenshots of
 * all pages go to {@code target/screenshots}.
 */
@NullMarked
package dev.kanal.ui;

import org.jspecify.annotations.NullMarked;
