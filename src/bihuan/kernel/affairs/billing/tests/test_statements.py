"""Bills and statements in the real layouts: sums, contradictions, cuts; and the files we were given.

The fixtures are our own, in the channels' layouts. The real files are looked for in `BIHUAN_DATA`,
else in ../shared/data beside the checkout.
"""

# ruff: noqa: E501  a layout is as long as it is

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from bihuan.kernel.affairs.billing.statements import Unreadable, read_statement

ROOT = Path(__file__).resolve().parents[6]
DATA = Path(os.environ.get("BIHUAN_DATA", ROOT.parent / "shared" / "data")) / "payments"

HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
PAY = (
    "`2026-09-02 21:58:01,`wx8,`1900000109,`0,`,`4200001,`A1,`o1,`JSAPI,`SUCCESS,`OTHERS,`CNY,`850.00,"
    "`0.00,`0,`0,`0.00,`0.00,`,`,`学费,住宿费,`,`5.10000,`0.60%,`850.00,`0.00,`"
)
BACK = (
    "`2026-09-02 22:10:00,`wx8,`1900000109,`0,`,`4200002,`A2,`o2,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,"
    "`0.00,`5000001,`R1,`100.00,`0.00,`ORIGINAL,`SUCCESS,`学费,`,`-0.60000,`0.60%,`0.00,`100.00,`"
)
SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    "`2,`850.00,`100.00,`0.00,`4.50000,`850.00,`100.00\r\n"
)
WECHAT = "\r\n".join((HEAD, PAY, BACK, SUMMARY))
OLD = (
    "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率\n"
    "`2014-11-10 16:33:45,`wx2,`1000,`0,`,`1001,`1415,`o,`MICROPAY,`SUCCESS,`CMB,`CNY,`0.01,`0.0,`0,`0,"
    "`0,`0,`,`,`被扫支付,`,`0,`0.60%\n"
    "总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额\n`1,`0.01,`0.0,`0,`0\n"
)
FUNDS = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号\n"
    "`2026-09-02 04:21:23,`5000,`1900,`退款,`退款,`支出,`0.02,`0.17,`system,"
    "`退款总金额0.02元;含手续费0.00元, 其他,`REF1\n"
    "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`1.0,`0.0,`0.00,`1.0,`0.02\n"
)
ALIPAY = (
    "#支付宝业务明细查询\n#账号：[20880000000000000156]\n"
    "#起始日期：[2026年09月02日 00:00:00]   终止日期：[2026年09月03日 00:00:00]\n"
    "#-----------------------------------------业务明细列表--------------------------------\n"
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
    "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,"
    "券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,"
    "分润（元）,备注\n"
    "2026090222001\t,A1\t,交易\t,学费,2026-09-02 16:01:34,2026-09-02 16:01:38,\t,\t,\t,\t,*建英(139***)\t,"
    "850.00,850.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-5.10,0.00,\n"
    "2026090222002\t,A2\t,退款\t,学费,2026-09-02 17:00:00,2026-09-02 17:00:05,\t,\t,\t,\t,*立(138***)\t,"
    "-100.00,-100.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,R1\t,0.60,0.00,\n"
    "#-----------------------------------------业务明细列表结束----------------------------\n"
    "#交易合计：1笔，商家实收共850.00元，商家优惠共0.00元\n"
    "#退款合计：1笔，商家实收退款共-100.00元，商家优惠退款共0.00元\n"
    "#导出时间：[2026年09月03日 10:12:00]\n"
)
CAMT = """<?xml version="1.0"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">858.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>852.00</Sum></TtlNtries></TxsSummry>
<Ntry><Amt Ccy="CNY">850.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-09-03</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><AcctSvcrRef>B1</AcctSvcrRef><EndToEndId>A1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">2.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2026-09-03</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


class TestWechat:
    def test_payments_and_refunds(self) -> None:
        found = read_statement("wechat", WECHAT.encode("utf-8-sig"))
        assert found.problems == ()
        assert (found.total_fen, found.fee_fen) == (85000, 450)
        assert [(r.kind, r.out_trade_no, r.amount_fen) for r in found.rows] == [
            ("pay", "A1", 85000),
            ("refund", "R1", -10000),
        ]

    def test_old_columns_and_funds(self) -> None:
        old = read_statement("wechat", OLD.encode())
        assert (old.total_fen, len(old.rows), old.problems) == (1, 1, ())
        funds = read_statement("wechat", FUNDS.encode())
        assert (funds.form, funds.total_fen, funds.problems) == ("funds", -2, ())

    def test_every_cut_is_noticed(self) -> None:
        lines = WECHAT.splitlines(keepends=True)
        for n in range(1, len(lines)):
            found = read_statement("wechat", "".join(lines[:n]).encode())
            assert found.problems, n

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("`850.00,`0.00,`0,`0", "`850.01,`0.00,`0,`0", "add up"),
            ("`2,`850.00", "`3,`850.00", "counts 3"),
            ("`4.50000", "`4.60000", "手续费"),
            ("4200002,`A2", "4200001,`A2", ""),
            ("5000001", "5000001,`x", "fields"),
        ],
    )
    def test_a_contradiction_is_said(self, old: str, new: str, words: str) -> None:
        assert old in WECHAT
        found = read_statement("wechat", WECHAT.replace(old, new).encode())
        assert words in " ".join(found.problems)
        assert bool(found.problems) == bool(words)

    def test_a_payment_twice_is_said(self) -> None:
        twice = WECHAT.replace(PAY, f"{PAY}\r\n{PAY}")
        assert "stands twice" in " ".join(read_statement("wechat", twice.encode()).problems)

    @pytest.mark.parametrize("amount", ["850.001", "8 50", "", "一百", "1e3", "٨٥٠"])
    def test_what_is_no_amount_is_no_zero_payment(self, amount: str) -> None:
        with pytest.raises(Unreadable, match=r"amount|parts"):
            wrong = WECHAT.replace("`CNY,`850.00", f"`CNY,`{amount or 'x'}")
            read_statement("wechat", wrong.encode())


class TestAlipay:
    def test_gbk_tabs_and_refunds_below_zero(self) -> None:
        found = read_statement("alipay", ALIPAY.encode("gbk"))
        assert (found.total_fen, found.fee_fen, found.problems) == (75000, 450, ())
        assert [(r.kind, r.out_trade_no) for r in found.rows] == [("pay", "A1"), ("refund", "R1")]

    def test_inside_its_zip(self) -> None:
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as packed:
            packed.writestr("20880_20260902_业务明细(汇总).csv", "x")
            packed.writestr("20880_20260902_业务明细.csv", ALIPAY.encode("gbk"))
        assert read_statement("alipay", kept.getvalue()).total_fen == 75000
        with pytest.raises(Unreadable, match="damaged"):
            read_statement("alipay", kept.getvalue()[:200])

    def test_every_cut_is_noticed(self) -> None:
        lines = ALIPAY.splitlines(keepends=True)
        for n in range(5, 9):
            assert read_statement("alipay", "".join(lines[:n]).encode("gbk")).problems, n
        for n in range(1, 5):
            with pytest.raises(Unreadable):
                read_statement("alipay", "".join(lines[:n]).encode("gbk"))


class TestCamt:
    def test_entries_and_balances(self) -> None:
        found = read_statement("camt", CAMT.encode())
        assert (found.total_fen, len(found.rows), found.problems) == (84800, 2, ())
        assert found.rows[0].out_trade_no == "A1"

    def test_a_balance_that_does_not_add_up(self) -> None:
        found = read_statement("camt", CAMT.replace("858.00", "858.01").encode())
        assert "0.01 are missing" in found.problems[0]

    @pytest.mark.parametrize(
        "content", [CAMT[:400], "<a/>", "", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
    )
    def test_what_is_no_message_is_refused(self, content: str) -> None:
        with pytest.raises(Unreadable):
            read_statement("camt", content.encode())


@pytest.mark.parametrize(
    ("channel", "file", "rows", "total", "sound"),
    [
        ("wechat", "wechat/tradebill_ALL_2020-11-29.csv", 20, 20, True),
        ("wechat", "wechat/fundflow_2018-02-01_officialdoc_TRUNCATED.csv", 1, -2, False),
        ("alipay", "alipay/yewu_mingxi_2026-06-05_testfixture_gbk.csv", 3, 993, True),
        ("camt", "iso20022/test-camt053.xml", 3, -1299, False),
        ("camt", "iso20022/test-camt054.xml", 1, 500, True),
    ],
)
def test_the_files_we_were_given(
    channel: str, file: str, rows: int, total: int, *, sound: bool
) -> None:
    if not (DATA / file).exists():
        pytest.skip(f"{DATA / file} is absent")
    out = io.StringIO()
    try:
        call_command("billing_read", str(DATA / file), "--channel", channel, "--json", stdout=out)
        left = 0
    except SystemExit as end:
        left = int(str(end.code))
    answer = json.loads(out.getvalue())
    assert (answer["rows"], answer["total_fen"], left) == (rows, total, 0 if sound else 1)
    assert bool(answer["problems"]) is not sound


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("billing_read", str(tmp_path / "none.csv"), "--channel", "wechat", stdout=out)
    assert "No such file" in out.getvalue()
