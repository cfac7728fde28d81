// What is converted before frames are compared, and what is refused.

import Testing
import VTXModel

@testable import VTXPlanning

@Suite("compare planning", .timeLimit(.minutes(60)))
struct ComparePlanningTests {
    private static func source(_ name: String, _ change: (inout VideoDescription) -> Void = { _ in }) -> CompareSource {
        var stream = picture()
        var video = VideoDescription(
            codedSize: PixelSize(1280, 720), averageFrameRate: Rational(25), nominalFrameRate: Rational(25))
        change(&video)
        stream.video = video
        var description = media(stream)
        description.path = name
        return CompareSource(name: name, description: description)
    }

    private func plan(
        _ change: (inout VideoDescription) -> Void = { _ in },
        reference: (inout VideoDescription) -> Void = { _ in }, metrics: [QualityMetric] = []
    ) throws -> ComparePlan {
        try planCompare(
            of: [Self.source("b", change)], with: Self.source("a", reference), options: CompareOptions(metrics: metrics)
        )
    }

    @Test("What is alike is compared as it is")
    func alike() throws {
        let plan = try plan()
        #expect(plan.decisions.isEmpty && plan.reference.filters.isEmpty && plan.distorted[0].filters.isEmpty)
        #expect(plan.metrics == [.xpsnr, .ssim, .psnr] && plan.pixelFormat == "yuv420p" && plan.bitDepth == 8)
    }

    @Test("Smaller frames are scaled up, and deeper ones make both deep")
    func converted() throws {
        let plan = try plan {
            $0.size = PixelSize(640, 360)
            ($0.bitDepth, $0.pixelFormat) = (10, "yuv420p10le")
        }
        #expect(plan.size == PixelSize(1280, 720) && plan.pixelFormat == "yuv420p10le" && plan.bitDepth == 10)
        #expect(plan.reference.filters.last?.hasSuffix("format=yuv420p10le") == true)
        #expect(plan.distorted[0].filters.last?.contains("scale=w=1280:h=720:flags=bicubic") == true)
        #expect(plan.decisions.contains(.compare(.format(path: "a", from: "yuv420p", to: "yuv420p10le"))))
    }

    @Test("Range, matrix, shape and rotation that differ are named")
    func named() throws {
        let plan = try plan {
            $0.color.range = "pc"
            $0.color.matrix = "smpte170m"
            $0.size = PixelSize(720, 960)
            $0.orientation = Orientation(quarterTurns: 1)
        } reference: {
            $0.color.matrix = "bt709"
        }
        #expect(plan.decisions.contains(.compare(.range(path: "b", isFull: false))))
        #expect(plan.decisions.contains(.compare(.matrix(path: "b", from: "smpte170m", to: "bt709"))))
        #expect(plan.decisions.contains(.compare(.turned(path: "b", Orientation(quarterTurns: 1)))))
        #expect(plan.decisions.contains { if case .compare(.aspect) = $0 { true } else { false } })
        let filters = plan.distorted[0].filters.joined(separator: ",")
        #expect(filters.hasPrefix("transpose") && filters.contains("in_range=full:out_range=limited"))
        #expect(filters.contains("in_color_matrix=smpte170m:out_color_matrix=bt709"))
    }

    @Test("Full range of both sides is no difference")
    func full() throws {
        let plan = try plan {
            $0.color.range = "pc"
        } reference: {
            $0.pixelFormat = "yuvj420p"
        }
        #expect(plan.decisions.isEmpty && plan.distorted[0].filters.isEmpty)
    }

    @Test("HDR against SDR, other rates and VMAF are refused")
    func refused() {
        func kind(_ body: () throws -> ComparePlan) -> VTXError.Kind? {
            do { _ = try body() } catch { return (error as? VTXError)?.kind }
            return nil
        }
        #expect(kind { try plan { $0.color.transfer = "smpte2084" } } == .usage)
        #expect(kind { try plan { $0.nominalFrameRate = Rational(50) } } == .usage)
        #expect(kind { try plan(metrics: [.vmaf]) } == .unavailable)
        #expect(kind { try plan { $0.nominalFrameRate = Rational(25_025, 1001) } } == nil)
        #expect(kind { try plan { ($0.nominalFrameRate, $0.hasVariableFrameRate) = (Rational(50), true) } } == nil)
    }
}
