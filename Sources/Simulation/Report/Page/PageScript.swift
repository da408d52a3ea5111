/// The behaviour of the replay page: tabs, one crosshair for all charts over time, and copy
/// buttons. Without the script the page still shows everything but what other tabs hold.

/// The script, inline in the page; no library, no request.
enum PageScript {
    static let javaScript = """
        (function () {
          "use strict";
          var figures = [].filter.call(document.querySelectorAll(".chart"), function (figure) {
            return figure.querySelector("script");
          });
          var charts = figures.map(function (figure) {
            var data = JSON.parse(figure.querySelector("script").textContent);
            var seconds = 0;
            data.t = data.t.map(function (step) { seconds += step; return seconds; });
            data.x = data.t.map(function (time) {
              var place = (time - data.a[0]) / Math.max(1, data.a[1] - data.a[0]) * 10000;
              return Math.min(10000, Math.max(0, place));
            });
            return {
              data: data,
              plot: figure.querySelector(".plot"),
              cross: figure.querySelector(".cross"),
              when: figure.querySelector(".when"),
              outputs: figure.querySelectorAll("output")
            };
          });

          function digits(value, count) {
            return value.toLocaleString("en-US",
              { minimumFractionDigits: count, maximumFractionDigits: count });
          }

          function written(raw, format) {
            if (raw === null || raw === undefined) { return "–"; }
            var value = raw / Math.pow(10, format.d);
            var sign = value < 0 ? "−" : "";
            value = Math.abs(value);
            if (!format.c) { return sign + format.p + digits(value, format.d) + format.s; }
            var units = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];
            for (var i = 0; i < units.length; i += 1) {
              if (value >= units[i][0]) {
                value = value / units[i][0];
                var count = value >= 100 ? 1 : 2;
                return sign + format.p + digits(value, count) + units[i][1] + format.s;
              }
            }
            return sign + format.p + digits(value, format.d) + format.s;
          }

          function nearest(list, wanted) {
            var low = 0, high = list.length - 1;
            while (high - low > 1) {
              var middle = (low + high) >> 1;
              if (list[middle] > wanted) { high = middle; } else { low = middle; }
            }
            return wanted - list[low] > list[high] - wanted ? high : low;
          }

          function read(chart, index) {
            [].forEach.call(chart.outputs, function (output, trace) {
              output.textContent = written(chart.data.v[trace][index], chart.data.f);
            });
          }

          function rest() {
            charts.forEach(function (chart) {
              chart.plot.classList.remove("on", "here");
              if (chart.data.r !== undefined) { read(chart, chart.data.r); return; }
              [].forEach.call(chart.outputs, function (output, trace) {
                var known = chart.data.v[trace].filter(function (value) { return value !== null; });
                output.textContent = written(known[known.length - 1], chart.data.f);
              });
            });
          }

          function point(time, here) {
            charts.forEach(function (chart) {
              if (!chart.data.t.length || !chart.plot.offsetWidth) { return; }
              if (chart !== here && (chart.data.l || here.data.l)) { return; }
              var index = nearest(chart.data.t, time);
              var left = chart.data.x[index] / 100 + "%";
              chart.cross.style.left = left;
              chart.when.style.left = "clamp(48px," + left + ",calc(100% - 48px))";
              chart.when.textContent = chart.data.l ? chart.data.l[index]
                : new Date(chart.data.t[index] * 1000).toISOString()
                  .slice(5, 16).replace("T", " ") + " UTC";
              chart.plot.classList.add("on");
              chart.plot.classList.toggle("here", chart === here);
              read(chart, index);
            });
          }

          charts.forEach(function (chart) {
            chart.plot.addEventListener("pointermove", function (event) {
              var box = chart.plot.getBoundingClientRect();
              var part = (event.clientX - box.left) / box.width;
              point(chart.data.a[0] + part * (chart.data.a[1] - chart.data.a[0]), chart);
            });
            chart.plot.addEventListener("pointerleave", rest);
            chart.plot.addEventListener("blur", rest);
            chart.plot.addEventListener("keydown", function (event) {
              var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
              if (!step || !chart.data.t.length) { return; }
              var last = chart.data.t.length - 1;
              var now = chart.index === undefined ? last : chart.index;
              chart.index = Math.min(last, Math.max(0, now + step));
              point(chart.data.t[chart.index], chart);
              event.preventDefault();
            });
          });

          function prepare(list) {
            var tabs = [].slice.call(list.querySelectorAll("[role=tab]"));
            function choose(tab) {
              tabs.forEach(function (other) {
                other.setAttribute("aria-selected", String(other === tab));
                other.tabIndex = other === tab ? 0 : -1;
                document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
              });
            }
            tabs.forEach(function (tab, index) {
              tab.addEventListener("click", function () { choose(tab); });
              tab.addEventListener("keydown", function (event) {
                var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
                if (!step) { return; }
                var next = tabs[(index + step + tabs.length) % tabs.length];
                choose(next);
                next.focus();
              });
            });
          }
          [].forEach.call(document.querySelectorAll("[role=tablist]"), prepare);

          [].forEach.call(document.querySelectorAll(".copy"), function (button) {
            button.addEventListener("click", function () {
              var text = document.getElementById(button.getAttribute("data-copy")).textContent;
              function done() {
                button.textContent = "copied";
                setTimeout(function () { button.textContent = "copy"; }, 1500);
              }
              if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done); return; }
              var range = document.createRange();
              range.selectNodeContents(document.getElementById(button.getAttribute("data-copy")));
              getSelection().removeAllRanges();
              getSelection().addRange(range);
            });
          });

          rest();
        }());

        """
}
