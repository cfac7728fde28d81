// vtx doctor

import ArgumentParser
import Glibc
import VTXCommandLine
import VTXKit
import VTXModel
import VTXPlanning

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine has: libraries, encoders, hardware, filters, programs.",
        discussion: """
            Every hardware encoder is tried; what does not work is listed with libav's reason. Nothing is changed.

              vtx doctor
              vtx doctor --json
            """)

    @OptionGroup var list: ListArguments

    func run() {
        // What libav says while hardware is tried becomes part of the findings.
        BuildInfo.start(verbose: false)
        let findings = Doctor.findings() + [server, player]
        list.show(findings, of: Self.configuration, as: "finding") { findingTable(findings) }
    }

    private var server: Finding {
        let (path, problem): (String?, String?)
        do throws(VTXError) { (path, problem) = (try ServerProgram().path, nil) } catch {
            (path, problem) = (nil, error.description)
        }
        return Finding(
            kind: .program, name: "vtx-server", purpose: "serve, and metrics of batches", isAvailable: path != nil,
            detail: path ?? problem)
    }

    private var player: Finding {
        let path = InstalledFiles.hlsScript.flatMap { access($0, R_OK) == 0 ? $0 : nil }
        return Finding(
            kind: .file, name: "hls.js", purpose: "quality and statistics in the player page", isAvailable: path != nil,
            detail: path ?? "the page fetches it from the network; scripts/install installs it")
    }
}
