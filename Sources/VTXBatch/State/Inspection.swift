// What the disk says about an item.

package import VTXSystem

/// What the disk says about an item.
package struct Inspection: Hashable, Sendable {
    /// The item, with the hash of its plan.
    package var item: Item
    /// What has the output's name now.
    package var present: FileIdentity?

    /// The result of looking at an item's output.
    package init(_ item: Item, present: FileIdentity?) {
        self.item = item
        self.present = present
    }
}
