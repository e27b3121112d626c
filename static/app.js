/* Small behaviours, each optional: without this file every page still works. Hooks are data attributes. */
(function () {
  "use strict";
  var each = function (selector, act, root) { Array.prototype.forEach.call((root || document).querySelectorAll(selector), act); };
  var on = function (type, selector, act) {
    document.addEventListener(type, function (event) {
      var hit = event.target.closest && event.target.closest(selector);
      if (hit) { act(hit, event); }
    });
  };
  var token = function () { var field = document.querySelector("input[name=csrfmiddlewaretoken]"); return field ? field.value : ""; };
  document.documentElement.classList.add("js");
  each("[data-print], [data-copy], [data-toggle-filters], [data-add-row]", function (button) { button.hidden = false; });

  /* "/" puts the cursor into the search box; Escape and a click elsewhere fold menus. Alt+S submits, as the accesskey does. */
  document.addEventListener("keydown", function (event) {
    var search = document.querySelector("[data-search]");
    if (event.key === "/" && search && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); search.focus(); }
    if (event.altKey && event.key.toLowerCase() === "s") {
      var submit = document.querySelector("[accesskey=s]");
      if (submit) { event.preventDefault(); submit.click(); }
    }
    if (event.key === "Escape") {
      each("details.menu[open], details.drawer[open]", function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
    }
  });
  document.addEventListener("click", function (event) {
    each("details.menu[open]", function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  on("click", "[data-print]", function () { window.print(); });
  on("click", "[data-toggle-filters]", function (button) {
    button.setAttribute("aria-expanded", String(button.closest("[data-filters]").classList.toggle("open")));
  });
  on("click", "[data-copy]", function (button) {
    var source = document.getElementById(button.dataset.copy);
    source.select();
    if (navigator.clipboard) { navigator.clipboard.writeText(source.value); } else { document.execCommand("copy"); }
    button.textContent = "已复制";
  });

  /* Amounts in capitals while they are typed, by the rules of settlement/money.py; the server has the last word. */
  var DIGITS = "零壹贰叁肆伍陆柒捌玖", PLACES = ["仟", "佰", "拾", ""];
  function group(number) {
    var text = "", skipped = false, digits = ("000" + number).slice(-4);
    for (var place = 0; place < 4; place++) {
      if (digits[place] === "0") { skipped = text !== ""; continue; }
      text += (skipped ? "零" : "") + DIGITS[digits[place]] + PLACES[place];
      skipped = false;
    }
    return text;
  }
  function whole(number) {
    var units = [["亿", 1e8], ["万", 1e4]];
    for (var index = 0; index < 2; index++) {
      var size = units[index][1], low = number % size;
      if (number >= size) { return whole(Math.floor(number / size)) + units[index][0] + (low ? (low < size / 10 ? "零" : "") + whole(low) : ""); }
    }
    return group(number);
  }
  function plain(text) { /* as mediation/typed.py reads it */
    var said = text.normalize("NFKC").trim().replace(/^¥/, "").replace(/元$/, "").trim();
    return /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(said) ? said.replace(/,/g, "") : said;
  }
  function capitals(text) {
    var match = /^(\d{1,15})(?:\.(\d{1,2}))?$/.exec(plain(text));
    if (!match) { return ""; }
    var yuan = Number(match[1]), cents = ((match[2] || "") + "00").slice(0, 2), jiao = Number(cents[0]), fen = Number(cents[1]);
    if (!yuan && !jiao && !fen) { return "零元整"; }
    var words = yuan ? whole(yuan) + "元" : "";
    if (!jiao && !fen) { return words + "整"; }
    words += jiao ? DIGITS[jiao] + "角" : yuan ? "零" : "";
    return words + (fen ? DIGITS[fen] + "分" : "");
  }
  window.capitals = capitals;
  function show(input) {
    var output = input.parentNode.querySelector("[data-capitals]"), words = capitals(input.value);
    if (output) { output.textContent = words ? "大写：" + words : input.value.trim() ? "请填写数字，最多两位小数" : ""; }
  }
  on("input", "[data-money]", show);
  each("[data-money]", show);

  /* How much of a text is left, where the limit is near enough to matter. */
  each("textarea[maxlength]", function (area) {
    if (area.maxLength > 5000) { return; }
    var left = document.createElement("span");
    var count = function () { left.textContent = area.value.length + " / " + area.maxLength + " 字"; };
    left.className = "left";
    area.insertAdjacentElement("afterend", left);
    area.addEventListener("input", count);
    count();
  });

  /* A long list is narrowed by typing a part of a name. */
  each(".fr select", function (list) {
    var box = document.createElement("input"), all = Array.prototype.slice.call(list.options);
    if (all.length <= 16) { return; }
    var groups = all.map(function (option) { return option.parentNode; });
    box.className = "form-control narrow";
    box.placeholder = "输入几个字缩小范围，共 " + (all.length - 1) + " 项";
    box.setAttribute("aria-label", "缩小“" + (list.labels.length ? list.labels[0].textContent.replace("*", "").trim() : "") + "”的选项");
    list.insertAdjacentElement("beforebegin", box);
    box.addEventListener("input", function () {
      var words = box.value.trim(), kept = all.filter(function (option) { return !option.value || option.selected || option.text.indexOf(words) >= 0; });
      while (list.firstChild) { list.removeChild(list.firstChild); }
      all.forEach(function (option) { option.remove(); });
      kept.forEach(function (option) {
        var group = groups[all.indexOf(option)];
        if (group !== list) { list.appendChild(group); }
        group.appendChild(option);
      });
      var hits = kept.filter(function (option) { return option.value && option.text.indexOf(words) >= 0; });
      var exact = hits.filter(function (option) { return option.text === words; }), one = exact.length === 1 ? exact[0] : hits.length === 1 ? hits[0] : null;
      if (words && !list.multiple && one) { one.selected = true; list.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  });

  /* Another category brings other words, but never in the place of what a person has typed. */
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!event.target.hasAttribute("data-keep-typed")) { return; }
    each("textarea, input[type=text]", function (field) { if (field.value !== field.defaultValue) { event.preventDefault(); } }, event.target);
  });

  /* Another instalment: the last row again with the next number. */
  on("click", "[data-add-row]", function (button) {
    var inputs = button.form.querySelectorAll("[data-row]"), number = Number(inputs[inputs.length - 1].dataset.row);
    var rows = Array.prototype.filter.call(inputs, function (input) { return input.dataset.row === String(number); });
    var after = rows[rows.length - 1].closest(".fr");
    rows.forEach(function (input) {
      var copy = input.closest(".fr").cloneNode(true);
      copy.innerHTML = copy.innerHTML.split("instalment_" + number + "_").join("instalment_" + (number + 1) + "_").split("第 " + number + " 期").join("第 " + (number + 1) + " 期");
      each("[data-row]", function (field) { field.dataset.row = String(number + 1); field.value = ""; }, copy);
      after.insertAdjacentElement("afterend", copy);
      after = copy;
    });
    button.hidden = number + 1 >= 60;
  });

  /* Drafts: what was typed is kept on the server every 20 seconds and when a field is left. Files are not. */
  each("form[data-draft-url]", function (form) {
    var told = form.querySelector("[data-draft-state]"), changed = false, sent = false, busy = false, again = false;
    var keep = function () {
      if (!changed || sent) { return; }
      if (busy) { again = true; return; }
      var typed = new FormData();
      new FormData(form).forEach(function (value, name) { if (typeof value === "string") { typed.append(name, value); } });
      changed = false;
      busy = true;
      fetch(form.dataset.draftUrl, { method: "POST", body: typed, headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" } })
        .then(function (answer) { if (!answer.ok || answer.redirected) { throw new Error(); } return answer.json(); })
        .then(function (answer) { told.textContent = "草稿已自动保存 " + answer.saved_at; })
        .catch(function () { changed = true; told.textContent = "草稿没有保存，请检查网络"; })
        .finally(function () { busy = false; if (again) { again = false; keep(); } });
    };
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("focusout", keep);
    window.setInterval(keep, 20000);
    form.addEventListener("submit", function (event) {
      if (event.submitter && event.submitter.formTarget) { return; }
      if (event.submitter && event.submitter.hasAttribute("data-save-draft")) { event.preventDefault(); changed = true; keep(); return; }
      sent = true;
      window.setTimeout(function () { each("button[type=submit]", function (button) { button.disabled = true; }, form); }, 0);
    });
    window.addEventListener("pageshow", function () { sent = false; each("button[type=submit]", function (button) { button.disabled = false; }, form); });
    window.addEventListener("beforeunload", function (event) { if (changed && !sent) { event.preventDefault(); event.returnValue = ""; } });
  });

  /* The panel of likely duplicates follows what is typed. */
  var panel = document.querySelector("[data-similar-url]"), timer = 0;
  if (panel) {
    panel.closest("form").addEventListener("change", function (event) {
      var typed = new URLSearchParams();
      new FormData(event.currentTarget).forEach(function (value, name) { if (typeof value === "string" && value) { typed.append(name, value); } });
      window.clearTimeout(timer);
      timer = window.setTimeout(function () {
        fetch(panel.dataset.similarUrl, { method: "POST", body: typed, headers: { "X-CSRFToken": token() } })
          .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
          .then(function (html) { if (html) { panel.innerHTML = html; } });
      }, 400);
    });
  }

  /* An idle session warns before it ends. Other tabs may have moved the end, so the server is asked first. */
  var dialog = document.querySelector("[data-session]");
  if (dialog) {
    var form = dialog.querySelector("form"), countdown = dialog.querySelector("[data-countdown]"), remains = document.querySelector("[data-session-left]");
    var warning = Number(dialog.dataset.warning) * 1000, end = Date.now() + Number(dialog.dataset.left) * 1000, asking = false;
    var leave = function () { window.location.assign(dialog.dataset.login + "?idle=1&next=" + encodeURIComponent(window.location.pathname)); };
    var ask = function (method) {
      asking = true;
      return fetch(form.action, { method: method, headers: { "X-CSRFToken": token() } })
        .then(function (answer) { if (!answer.ok || answer.redirected) { throw new Error(); } return answer.json(); })
        .then(function (answer) { end = Date.now() + answer.seconds_left * 1000; })
        .finally(function () { asking = false; });
    };
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      ask("POST").then(function () { dialog.close(); }, leave);
    });
    on("click", "[data-leave]", leave);
    window.setInterval(function () {
      var left = end - Date.now(), seconds = Math.max(0, Math.ceil(left / 1000));
      if (remains) { remains.textContent = "会话剩余 " + Math.ceil(seconds / 60) + " 分钟"; }
      countdown.textContent = Math.floor(seconds / 60) + ":" + ("0" + (seconds % 60)).slice(-2);
      if (left <= 0) { leave(); return; }
      if (left <= warning && !dialog.open && !asking) { ask("GET").then(function () { if (end - Date.now() <= warning) { dialog.showModal(); } }, leave); }
      if (left > warning && dialog.open) { dialog.close(); }
    }, 1000);
  }

  /* A list narrowed without loading the page is exported as it now stands. */
  document.addEventListener("htmx:pushedIntoHistory", function () {
    each("[data-export]", function (link) { link.search = window.location.search; });
  });

  /* A table wider than the screen can be scrolled with the keyboard. */
  each(".tw", function (box) { if (box.scrollWidth > box.clientWidth) { box.tabIndex = 0; } });

  /* On a phone the tab that is open may lie beyond the edge. */
  each(".tabs [aria-current]", function (tab) { tab.parentNode.scrollLeft = tab.offsetLeft - tab.parentNode.offsetLeft - 40; });

  var errors = document.querySelector("[data-error-summary]");
  if (errors) { errors.focus(); }
}());
