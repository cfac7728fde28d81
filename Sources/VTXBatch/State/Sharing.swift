// How cores are shared.

/// How many cores an item's worker is given: its share of the whole batch, so that one long source among short ones does
/// not keep one core busy when all others are idle.
///
/// It depends on nothing that changes from run to run: outputs of a batch that was killed and went on are the same.
/// Encoders on one thread each waste least.
package func threadShare(_ work: Double, of total: Double, cores: Int) -> Int {
    guard total > 0 else { return 1 }
    let share = work / total * Double(cores)
    return share <= 1 ? 1 : min(cores, Int(share.rounded(.up)))
}
