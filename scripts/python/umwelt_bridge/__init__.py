"""The shared memory, the spaces and the processes between Umwelt's JVM and Gymnasium.

Both directions use it: ``umwelt_bridge.worker`` steps Gymnasium's environments for a JVM, and the
package ``umwelt`` steps the JVM's environments for Gymnasium. Python 3.10 or newer, with gymnasium,
numpy and py4j.
"""

PROTOCOL = 1
"""Version of everything that passes between the two sides; both must have the same."""
